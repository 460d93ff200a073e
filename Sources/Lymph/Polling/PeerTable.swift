/// The peers that we have a connection of ours to, and when each was used last.
///
/// Whoever sends us a message makes us dial the endpoint that it claims, so there is a limit, and what is not used for a
/// while is let go. A connection to a living Python peer is used every second, by its heartbeats.
package struct PeerTable {
    private var lastUse: [Endpoint: ContinuousClock.Instant] = [:]
    private let limit: Int

    /// How long a connection may be unused.
    package static let idleTime = Duration.seconds(60)
    private static let checkInterval = Duration.seconds(10)

    /// When ``takeIdle(now:isNeeded:)`` should be called; nil while there are no peers.
    package private(set) var nextCheck: ContinuousClock.Instant?

    package init(limit: Int) { self.limit = limit }

    package var count: Int { lastUse.count }

    /// Notes that a message is sent to a peer.
    ///
    /// - Parameter isOurChoice: Whether we want to call the peer. The limit is for those that a stranger makes us dial: who
    ///   claims many endpoints must not keep us from calling others.
    /// - Returns: false if the peer is new, not our choice, and there are too many already.
    package mutating func use(_ peer: Endpoint, now: ContinuousClock.Instant, isOurChoice: Bool = false) -> Bool {
        if let index = lastUse.index(forKey: peer) {
            lastUse.values[index] = now
            return true
        }
        guard isOurChoice || lastUse.count < limit else { return false }
        lastUse[peer] = now
        if nextCheck == nil { nextCheck = now + Self.checkInterval }
        return true
    }

    /// Takes out the peers that were not used for ``idleTime`` and are not needed.
    package mutating func takeIdle(
        now: ContinuousClock.Instant, isNeeded: (Endpoint) -> Bool
    ) -> [Endpoint] {
        guard let check = nextCheck, check <= now else { return [] }
        let idle = lastUse.filter { now - $0.value >= Self.idleTime && !isNeeded($0.key) }.map(\.key)
        for peer in idle { lastUse[peer] = nil }
        nextCheck = lastUse.isEmpty ? nil : now + Self.checkInterval
        return idle
    }
}
