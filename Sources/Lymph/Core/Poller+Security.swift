internal import Logging
internal import ZeroMQ

/// Whom we admit, and who admits us.
extension Poller {
    /// Another policy applies from now on: to new and present connections, to requests, and to whom we call.
    func use(_ policy: AccessPolicy) {
        guard configuration.security.encrypted != nil else { return }
        transport.use(policy)
        requests.use(policy)
        let now = loop.now
        let before = peers.encrypted
        calls.use(policy)
        for peer in before where !calls.mayGo(to: peer) {
            // Nobody else may have answered for it.
            transport.carryOut(.disconnect, on: peer)
            peers.bar(peer, at: now)
            avoid(peer, at: now)
            peers.remove(peer)
        }
        logger.info("another policy applies, with \(policy.members.count) members")
    }

    /// A peer does not admit us: the calls that wait for it go elsewhere, or fail.
    func bar(_ peer: Endpoint, at now: Instant) {
        peers.bar(peer, at: now)
        log(.barred, [LogKey.peer: "\(peer)"])
        avoid(peer, at: now)
    }
}
