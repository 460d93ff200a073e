internal import Dispatch
internal import Logging
internal import Lymph
internal import ZeroMQ

/// The C client looks for a server for ever and keeps to itself why it finds none. So the registry has a look of its own.
extension ZooKeeperRegistry: WaitingRegistry {
    /// Why there is no answer yet.
    package var obstacle: String? {
        get async {
            guard !session.isClosed else { return makeClosedError().message }
            // There is a connection, and every question was answered.
            if session.current != nil, tickets.isEmpty { return nil }
            if session.current == nil, problem ?? finding == nil {
                // A name server that says nothing is a reason as well, but not one to wait for.
                _ = try? await wait(for: .probe, until: .now + .seconds(2)) { probe() }
            }
            return silence()
        }
    }

    /// Finds out why there is no connection if there is none after a time that is more than one should take. What is known
    /// already is looked at less often.
    func probeLater() {
        let delay = finding == nil ? min(.seconds(1), configuration.connectTimeout / 2) : .seconds(5)
        let time = ContinuousClock.now + delay
        // However often a session begins, there is one probe to come: the next one.
        if let nextProbe, nextProbe <= time { return }
        nextProbe = time
        after(delay) { registry in
            guard registry.nextProbe == time else { return }
            registry.nextProbe = nil
            registry.probe()
        }
    }

    /// Finds out why there is no connection, if there is none.
    private func probe() {
        guard session.current == nil, !session.isClosed, !isProbing else { return }
        isProbing = true
        let probe = HostProbe(hosts.servers.split(separator: ",").map(String.init))
        let thread = thread
        ZooKeeperHandle.blocking.async { [weak self] in
            let explanation = probe.explanation(within: .seconds(1))
            thread.execute { [weak self] in self?.assumeIsolated { $0.probed(explanation) } }
        }
    }

    private func probed(_ explanation: String) {
        isProbing = false
        waiters.resume(.probe, with: .success(.done))
        guard session.current == nil, !session.isClosed else { return }
        let isNews = finding != explanation
        finding = explanation
        if !waiters.isEmpty { probeLater() }
        guard isNews else { return }
        logger.warning(
            "no connection to ZooKeeper", metadata: [LogKey.hosts: "\(hosts.servers)", LogKey.error: "\(explanation)"])
    }
}
