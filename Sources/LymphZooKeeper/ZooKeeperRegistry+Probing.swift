internal import Dispatch
internal import Logging
internal import Lymph

/// The C client looks for a server for ever and keeps to itself why it finds none. So the registry has a look of its own.
extension ZooKeeperRegistry: WaitingRegistry {
    /// Why there is no answer yet.
    package var obstacle: String? {
        get async {
            guard !session.isClosed else { return closedError().message }
            if session.current == nil, problem ?? finding == nil {
                // A name server that says nothing is a reason as well, but not one to wait for.
                _ = try? await wait(for: .probe, until: .now + .seconds(2)) { probe() }
            }
            return silence()
        }
    }

    /// Finds out why there is no connection if there is none after a time that is more than one should take.
    func probeLater() {
        after(min(.seconds(1), configuration.connectTimeout / 2)) { $0.probe() }
    }

    /// Finds out why there is no connection, if there is none.
    private func probe() {
        guard session.current == nil, !session.isClosed, !isProbing else { return }
        isProbing = true
        let probe = HostProbe(hosts.servers.split(separator: ",").map(String.init))
        let queue = executor.queue
        ZooKeeperHandle.blocking.async { [weak self] in
            let explanation = probe.explanation(within: .seconds(1))
            queue.async { [weak self] in self?.assumeIsolated { $0.probed(explanation) } }
        }
    }

    private func probed(_ explanation: String) {
        isProbing = false
        waiters.resume(.probe, with: .success(.done))
        guard session.current == nil, !session.isClosed else { return }
        if !waiters.isEmpty { after(.seconds(5)) { $0.probe() } }
        guard finding != explanation else { return }
        finding = explanation
        logger.warning(
            "no connection to ZooKeeper", metadata: [LogKey.hosts: "\(hosts.servers)", LogKey.error: "\(explanation)"])
    }
}
