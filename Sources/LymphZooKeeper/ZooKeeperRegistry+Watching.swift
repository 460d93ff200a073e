internal import Logging
internal import Lymph
internal import ZeroMQ

extension ZooKeeperRegistry {
    /// Returns when the list of a service's instances is known.
    func load(_ service: String) async throws {
        let deadline = newDeadline()
        guard !session.isClosed else { throw makeClosedError() }
        // The known list may be older than what the caller knows, so it is updated first if there is a connection.
        if let view = views[service]?.view, view.isLoaded, view.isCurrent || session.current == nil { return }
        do {
            try await wait(for: .view(service: service), until: deadline) { look(at: service) }
        } catch is UnknownService {
            throw RegistryError.unknown(
                service, among: try await knownServices(), in: "\(paths.services) of ZooKeeper at \(hosts.servers)")
        } catch {
            dropViewIfUnused(service)
            throw error
        }
    }

    /// Watches a service whose list is known.
    func watch(_ service: String) -> AsyncStream<[ServiceInstance]> {
        return watchers.add(service: service, first: views[service]?.view.instances ?? []) { number in
            self.thread.execute { self.assumeIsolated { $0.endWatching(number, service) } }
        }
    }

    private func endWatching(_ number: Int, _ service: String) {
        watchers.remove(number)
        dropViewIfUnused(service)
    }

    /// Returns the names with at least one instance.
    func listServices() async throws -> [String] {
        let deadline = newDeadline()
        let paths = paths
        let nodes = try await nodesOfServices(until: deadline)
        return try await withThrowingTaskGroup(of: String?.self) { group in
            for node in nodes {
                let path = "\(paths.services)/\(node)"
                group.addTask { try await self.childCount(of: path, until: deadline) > 0 ? NodeName.decode(node) : nil }
            }
            var names: [String] = []
            for try await case let name? in group { names.append(name) }
            return names.sorted()
        }
    }

    private func childCount(of path: String, until deadline: ContinuousClock.Instant) async throws -> Int32 {
        do {
            guard case .found(let status) = try await ask(.find(path, watch: false), until: deadline) else { return 0 }
            return status.childCount
        } catch let error as ZooKeeperError where error == .noNode {
            return 0
        }
    }

    /// Returns all names under which an instance was ever registered, sorted.
    ///
    /// - Throws: ``/Lymph/RegistryError`` with the code `unavailable` if there is no connection within the
    ///   configuration's `connectTimeout`.
    public func knownServices() async throws -> [String] {
        try await withConnection(for: "list the services") { registry in
            try await registry.nodesOfServices(until: registry.newDeadline()).map(NodeName.decode).sorted()
        }
    }

    private func nodesOfServices(until deadline: ContinuousClock.Instant) async throws -> [String] {
        do {
            guard case .children(let names) = try await ask(.children(of: paths.services), until: deadline) else {
                return []
            }
            return names
        } catch let error as ZooKeeperError where error == .noNode {
            return []
        }
    }

    // MARK: Views

    private func look(at service: String) {
        perform(session.start())
        if views[service] != nil { return }
        views[service] = (newNumber(), ServiceView(of: service))
        if session.current != nil { start(service) }
    }

    private func start(_ service: String) {
        perform(views[service]?.view.start() ?? [], on: service)
    }

    /// Requests are served: updates everything that may have changed.
    func resumeWatching() {
        for service in views.keys { start(service) }
    }

    /// Retries what could not be read.
    func retryWatching() {
        for (service, entry) in views where entry.view.isIdle { start(service) }
    }

    /// Something happened to a service or to one of its nodes.
    func viewChanged(_ service: String, node: String?) {
        let actions = node.map { views[service]?.view.nodeChanged($0) } ?? views[service]?.view.listChanged()
        perform(actions ?? [], on: service)
    }

    func listed(_ service: String, _ number: Int, _ round: Int, _ result: NodeResult) {
        guard views[service]?.number == number else { return }
        let names = result.map { if case .children(let names) = $0 { names } else { [String]() } }
        perform(views[service]?.view.listed(names, round: round) ?? [], on: service)
    }

    func fetched(_ node: String, _ service: String, _ number: Int, _ round: Int, _ result: NodeResult) {
        guard views[service]?.number == number else { return }
        let document = result.map { if case .data(let document, _) = $0 { document } else { [UInt8]() } }
        perform(views[service]?.view.fetched(node, document, round: round) ?? [], on: service)
    }

    func foundService(_ service: String, _ number: Int, _ round: Int, _ result: NodeResult) {
        guard views[service]?.number == number else { return }
        perform(views[service]?.view.foundService(result.map { _ in () }, round: round) ?? [], on: service)
    }

    private func perform(_ actions: [ServiceView.Action], on service: String) {
        let path = paths.service(service)
        for action in actions {
            guard let view = views[service]?.number else { return }
            switch action {
            case .list(let round):
                send(.children(of: path), .list(service: service, view: view, round: round))
            case .fetch(let node, let round):
                send(.data(of: "\(path)/\(node)"), .fetch(node: node, service: service, view: view, round: round))
            case .awaitService(let round):
                send(.find(path, watch: true), .awaitService(service, view: view, round: round))
            case .waitForMissing(let round):
                // Sessions that ended unnoticed expire within one timeout after the servers are back. The owners of
                // expired sessions have another timeout to register again.
                after(configuration.sessionTimeout * 2) { registry in
                    guard registry.views[service]?.number == view else { return }
                    registry.perform(registry.views[service]?.view.missingStayAway(since: round) ?? [], on: service)
                }
            case .publish(let instances):
                watchers.publish(instances, of: service)
                waiters.resume(.view(service: service), with: .success(.done))
            case .unknown:
                views[service] = nil
                waiters.resume(.view(service: service), with: .failure(UnknownService()))
            case .failed(let error):
                let failure = RegistryError(
                    .unavailable, "\(path) of ZooKeeper at \(hosts.servers) cannot be read", cause: error)
                waiters.resume(.view(service: service), with: .failure(failure))
            case .unusable(let node, let error):
                logger.info("a node is ignored", metadata: [LogKey.node: "\(path)/\(node)", LogKey.error: "\(error)"])
            }
        }
    }

    private func dropViewIfUnused(_ service: String) {
        guard !watchers.services.contains(service), !waiters.contains(.view(service: service)) else { return }
        views[service] = nil
    }
}

/// Nothing was ever registered under a name.
private struct UnknownService: Error {}
