internal import Dispatch
internal import Logging
internal import Lymph
internal import ZeroMQ

/// The C client keeps looking for a server for ever and does not report why it finds none, so the registry probes the
/// servers itself.
extension ZooKeeperRegistry: WaitingRegistry {
    /// Why there is no answer yet.
    package var obstacle: String? {
        get async {
            guard !session.isClosed else { return makeClosedError().message }
            // There is a connection, and every request has been answered.
            if session.current != nil, tickets.isEmpty { return nil }
            if session.current == nil, problem ?? finding == nil {
                // An unresponsive name server is a reason as well, but not worth waiting longer for.
                _ = try? await wait(for: .probe, until: .now + .seconds(2)) { probe() }
            }
            return silence()
        }
    }

    /// Probes the servers if there is no connection after longer than connecting should take. If the reason is
    /// already known, the next probe comes later.
    func probeLater() {
        let delay = finding == nil ? min(.seconds(1), configuration.connectTimeout / 2) : .seconds(5)
        let time = ContinuousClock.now + delay
        // However often a session is opened, only the earliest scheduled probe counts.
        if let nextProbe, nextProbe <= time { return }
        nextProbe = time
        after(delay) { registry in
            guard registry.nextProbe == time else { return }
            registry.nextProbe = nil
            registry.probe()
        }
    }

    /// Probes the servers, if there is no connection.
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
