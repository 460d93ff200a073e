internal import Logging
internal import Lymph

extension ZooKeeperRegistry {
    /// Registers an instance, and keeps it registered.
    func publish(_ instance: ServiceInstance) async throws {
        guard !session.isClosed else { throw makeClosedError() }
        warnOfLoopback(instance)
        let path = paths.instance(instance.id, of: instance.service)
        let number = newNumber()
        // A removal in progress must not delete the node that is about to be registered.
        finishWithdrawal(path)
        registrations[path] = Registration(
            node: PublishedNode(path: path, document: instance.json()), instance: instance, number: number,
            wasRegistered: registrations[path]?.wasRegistered ?? false)
        do {
            try await wait(for: .registration(path: path), until: newDeadline()) {
                perform(session.start())
                if let current = session.current { start(path, in: current) }
            }
        } catch {
            // It may have been registered although the reply did not arrive in time.
            if registrations[path]?.number == number { beginWithdrawal(path) }
            throw error
        }
    }

    /// Withdraws an instance, if it was registered here.
    func withdraw(_ instance: ServiceInstance) async {
        let path = paths.instance(instance.id, of: instance.service)
        guard registrations[path] != nil else { return }
        waiters.resume(
            .registration(path: path),
            with: .failure(RegistryError(.registrationFailure, "\"\(instance.service)\" was withdrawn in the meantime"))
        )
        guard session.current != nil else { return beginWithdrawal(path) }
        // After the deadline, the removal goes on in the background.
        _ = try? await wait(for: .withdrawal(path: path), until: newDeadline()) { beginWithdrawal(path) }
    }

    /// Requests are served: registers everything that is not registered in this session.
    func resumeRegistering(in current: Int64) {
        for path in registrations.keys { start(path, in: current) }
        for (path, withdrawal) in withdrawals {
            // The node was deleted together with its session.
            if withdrawal.session == current { startWithdrawal(path) } else { finishWithdrawal(path) }
        }
    }

    /// Retries what failed for a reason that may have passed.
    func retryRegistering(in current: Int64) {
        for (path, registration) in registrations where registration.node.isPending { start(path, in: current) }
        for (path, withdrawal) in withdrawals where withdrawal.isPending { startWithdrawal(path) }
    }

    /// Checks soon whether the node of an instance is still correct. However often somebody changes it, that causes
    /// only a few requests and log lines.
    func checkSoon(_ path: String) {
        guard registrations[path] != nil, checks.insert(path).inserted else { return }
        after(.milliseconds(100)) { registry in
            registry.checks.remove(path)
            registry.perform(registry.registrations[path]?.node.check() ?? [], at: path)
        }
    }

    /// Handles the reply to a request of a registration.
    func registered(_ path: String, _ number: Int, _ result: NodeResult) {
        guard let registration = registrations[path], registration.request == number else { return }
        let session = session
        let actions = registrations[path]?.node.handle(result) { document, owner in
            // A process that took over our endpoint after us is not a predecessor.
            session.isOurs(owner) || !registration.wasRegistered && registration.instance.isSuccessor(of: document)
        }
        perform(actions ?? [], at: path)
    }

    private func start(_ path: String, in current: Int64) {
        perform(registrations[path]?.node.start(in: current) ?? [], at: path)
    }

    private func perform(_ actions: [PublishedNode.Action], at path: String) {
        for action in actions {
            guard let registration = registrations[path] else { return }
            switch action {
            case .send(let request):
                let number = newNumber()
                registrations[path]?.request = number
                send(request, .registration(path: path, number: number))
            case .checkSoon: checkSoon(path)
            case .succeeded:
                if registration.isLost { logger.info("the registration of \(registration.instance.service) is back") }
                registrations[path]?.wasRegistered = true
                registrations[path]?.isLost = false
                registrations[path]?.problem = nil
                waiters.resume(.registration(path: path), with: .success(.done))
            case .lost(let loss):
                registrations[path]?.isLost = true
                logger.warning(
                    "the registration of \(registration.instance.service) is gone (\(loss)); registering again",
                    metadata: [LogKey.node: "\(path)"])
            case .failed(let error):
                fail(
                    path,
                    RegistryError(
                        .registrationFailure, "\(path) of ZooKeeper at \(hosts.servers) cannot be created", cause: error
                    )
                )
            case .belongsToStranger(let document, let owner):
                fail(path, .belongsToStranger(path, document: document, session: owner))
            }
        }
    }

    /// Gives up a registration that has never succeeded. One that has is retried.
    private func fail(_ path: String, _ error: RegistryError) {
        guard let registration = registrations[path] else { return }
        guard registration.wasRegistered, !waiters.contains(.registration(path: path)) else {
            registrations[path] = nil
            return waiters.resume(.registration(path: path), with: .failure(error))
        }
        if registration.problem == error.message { return }
        registrations[path]?.problem = error.message
        logger.warning("an instance is no longer registered", metadata: [LogKey.error: "\(error)"])
    }

    // MARK: Withdrawing

    private func beginWithdrawal(_ path: String) {
        registrations[path] = nil
        withdrawals[path] = Withdrawal(path: path, session: session.latest, number: newNumber())
        if session.current != nil { startWithdrawal(path) }
    }

    private func startWithdrawal(_ path: String) {
        if let action = withdrawals[path]?.start() { perform(action, at: path) }
    }

    /// Handles the reply to a request of a withdrawal.
    func withdrawn(_ path: String, _ number: Int, _ result: NodeResult) {
        guard withdrawals[path]?.number == number else { return }
        let session = session
        if let action = withdrawals[path]?.handle(result, isOurs: session.isOurs) { perform(action, at: path) }
    }

    private func perform(_ action: Withdrawal.Action, at path: String) {
        guard let withdrawal = withdrawals[path] else { return }
        switch action {
        case .send(let request): send(request, .withdrawal(path: path, number: withdrawal.number))
        case .finished: finishWithdrawal(path)
        case .interrupted: waiters.resume(.withdrawal(path: path), with: .success(.done))
        }
    }

    private func finishWithdrawal(_ path: String) {
        withdrawals[path] = nil
        waiters.resume(.withdrawal(path: path), with: .success(.done))
    }

    // MARK: -

    private func warnOfLoopback(_ instance: ServiceInstance) {
        guard instance.isLocal, !hosts.areLocal, !hasWarned else { return }
        hasWarned = true
        logger.warning(
            "an address that only this machine can reach is registered for all machines; set container.ip",
            metadata: [LogKey.endpoint: "\(instance.endpoint)", LogKey.service: "\(instance.service)"])
    }
}

extension PublishedNode.Loss: CustomStringConvertible {
    /// The cause, for people.
    var description: String {
        switch self {
        case .deleted: "its node was deleted"
        case .changed: "its node was changed"
        case .endOfSession: "the session has ended"
        }
    }
}

extension ServiceInstance {
    /// Whether the endpoint is a loopback address, which on another machine means that machine.
    var isLocal: Bool { endpoint.host.hasPrefix("127.") || endpoint.host == "::1" || endpoint.host == "localhost" }

    /// Whether a node with this document was left behind by an earlier process at our endpoint. That process is gone,
    /// since the port is ours now.
    func isSuccessor(of document: [UInt8]) -> Bool {
        guard let other = try? ServiceInstance(json: document, service: service) else { return false }
        guard other.endpoint == endpoint else { return false }
        return !isLocal || other.hostname == hostname
    }
}

extension RegistryError {
    static func belongsToStranger(_ path: String, document: [UInt8], session: Int64) -> RegistryError {
        let owner = "session 0x\(String(UInt64(bitPattern: session), radix: 16))"
        guard let other = try? ServiceInstance(json: document, service: "") else {
            return RegistryError(
                .registrationFailure,
                "\(path) belongs to another process that is alive: \(owner), with an unusable document")
        }
        let host = (other.fqdn ?? other.hostname).map { " on \($0)" } ?? ""
        return RegistryError(
            .registrationFailure,
            "\(path) belongs to another process that is alive: \(other.endpoint)\(host), process \(other.identity), \(owner)"
        )
    }
}
