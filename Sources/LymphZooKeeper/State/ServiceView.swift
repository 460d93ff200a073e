internal import Lymph

/// What is known about the instances of one service, and what must be requested to update it.
///
/// A round is a list of the nodes, followed by the data of those that are new or have changed. Its result is
/// published at its end, never partially. Changes in the meantime lead to another round.
///
/// After a lost connection is restored, other processes may not be back yet: their sessions may have expired, or may
/// still expire before they have registered again, or the servers may have lost all data. So instances that go
/// missing then are kept for a while.
struct ServiceView: Sendable {
    /// What the registry has to do.
    enum Action: Sendable, Hashable {
        case list(round: Int)
        case fetch(node: String, round: Int)
        /// Watch for the creation of the service's node.
        case awaitService(round: Int)
        /// Publish the current instances.
        case publish([ServiceInstance])
        /// The connection was lost and is back. Call ``ServiceView/missingStayAway(since:)`` with the number when
        /// others should be back, too.
        case waitForMissing(Int)
        /// Nothing was ever registered under the name.
        case unknown
        /// The instances can't be determined.
        case failed(ZooKeeperError)
        /// The document of a node does not describe an instance.
        case unusable(node: String, ServiceInstanceError)
    }

    /// Whether a missing instance is considered gone.
    private enum Absence: Hashable {
        case believed
        /// The connection was lost; the next list is the first since then. → doubtedSince
        case doubted
        /// That list was in this round. → believed, when others have had the time to come back; doubted
        case doubtedSince(Int)
    }

    /// The content of a node; nil if it is not usable.
    private struct Content: Hashable { var instance: ServiceInstance? }

    let service: String

    private var nodes: [String: Content] = [:]
    /// Instances that are kept although their nodes are missing.
    private var missing: [String: Content] = [:]
    private var absence = Absence.believed
    /// Whether there has ever been a complete list.
    private(set) var isLoaded = false
    /// Whether the list reflects the latest event.
    var isCurrent: Bool { isLoaded && !isBusy && !isStale && staleNodes.isEmpty }

    /// Whether something must be requested and no round is in progress.
    var isIdle: Bool { !isBusy && (isStale || !staleNodes.isEmpty) }

    private var round = 0
    private var isBusy = false
    private var isStale = true
    private var staleNodes: Set<String> = []
    private var fetching: Set<String> = []

    init(of service: String) { self.service = service }

    /// The known instances.
    var instances: [ServiceInstance] { nodes.merging(missing) { present, _ in present }.values.compactMap(\.instance) }

    /// Requests are served, or it is time for another attempt: everything is requested again.
    mutating func start() -> [Action] {
        isBusy = false
        isStale = true
        staleNodes.formUnion(nodes.keys)
        return next()
    }

    /// Requests are not served for now. The known instances are kept.
    mutating func pause() {
        absence = .doubted
        stop()
    }

    /// Missing instances have had time to come back.
    mutating func missingStayAway(since round: Int) -> [Action] {
        // The connection may have been lost again since.
        guard absence == .doubtedSince(round) else { return [] }
        absence = .believed
        if missing.isEmpty { return [] }
        missing = [:]
        return [.publish(instances)]
    }

    private mutating func stop() {
        round += 1
        isBusy = false
        isStale = true
    }

    /// The list of nodes has changed.
    mutating func listChanged() -> [Action] {
        isStale = true
        return next()
    }

    /// A node has changed, or was replaced.
    mutating func nodeChanged(_ node: String) -> [Action] {
        staleNodes.insert(node)
        return next()
    }

    /// The reply to ``Action/list(round:)``.
    mutating func listed(_ result: Result<[String], ZooKeeperError>, round: Int) -> [Action] {
        guard round == self.round, isBusy else { return [] }
        switch result {
        case .success(let names):
            let present = Set(names)
            drop(Set(nodes.keys).subtracting(present))
            let waiting = waitForMissing()
            staleNodes.formIntersection(present)
            fetching = present.filter { nodes[$0] == nil }.union(staleNodes)
            staleNodes = []
            return waiting
                + (fetching.isEmpty ? finish() : fetching.sorted().map { .fetch(node: $0, round: round) })
        case .failure(.noNode):
            return disappear()
        case .failure(let error):
            return abandon(error)
        }
    }

    /// The reply to ``Action/fetch(node:round:)``.
    mutating func fetched(_ node: String, _ result: Result<[UInt8], ZooKeeperError>, round: Int) -> [Action] {
        guard round == self.round, fetching.remove(node) != nil else { return [] }
        var actions: [Action] = []
        if case .success = result { missing[node] = nil }
        switch result {
        case .success(let document):
            do {
                let instance = try ServiceInstance(json: document, service: service, id: NodeName.decode(node))
                nodes[node] = Content(instance: instance)
            } catch {
                nodes[node] = Content(instance: nil)
                actions.append(.unusable(node: node, error))
            }
        case .failure(.noNode):
            // It was deleted after the list was made.
            drop([node])
        case .failure(.notPermitted):
            nodes[node] = Content(instance: nil)
        case .failure(let error):
            return abandon(error)
        }
        return fetching.isEmpty ? actions + finish() : actions
    }

    /// The reply to ``Action/awaitService(round:)``.
    mutating func foundService(_ result: Result<Void, ZooKeeperError>, round: Int) -> [Action] {
        guard round == self.round else { return [] }
        switch result {
        case .success: return listChanged()
        case .failure(.noNode): return []
        case .failure(let error): return abandon(error)
        }
    }

    private mutating func next() -> [Action] {
        guard isIdle else { return [] }
        isBusy = true
        round += 1
        if isStale {
            isStale = false
            return [.list(round: round)]
        }
        fetching = staleNodes
        staleNodes = []
        return fetching.sorted().map { .fetch(node: $0, round: round) }
    }

    private mutating func finish() -> [Action] {
        isBusy = false
        isLoaded = true
        return [.publish(instances)] + next()
    }

    private mutating func disappear() -> [Action] {
        isBusy = false
        drop(Set(nodes.keys))
        let waiting = waitForMissing()
        staleNodes = []
        guard isLoaded else { return [.unknown] }
        return waiting + [.publish(instances), .awaitService(round: round)]
    }

    /// Removes nodes that don't exist any longer.
    private mutating func drop(_ gone: Set<String>) {
        for node in gone {
            guard let content = nodes.removeValue(forKey: node), absence != .believed else { continue }
            missing[node] = content
        }
    }

    /// The first list after a loss starts the time after which missing instances are considered gone.
    private mutating func waitForMissing() -> [Action] {
        guard absence == .doubted else { return [] }
        absence = .doubtedSince(round)
        return [.waitForMissing(round)]
    }

    private mutating func abandon(_ error: ZooKeeperError) -> [Action] {
        stop()
        fetching.formUnion(staleNodes)
        staleNodes = fetching
        fetching = []
        return error.isTransient ? [] : [.failed(error)]
    }
}
