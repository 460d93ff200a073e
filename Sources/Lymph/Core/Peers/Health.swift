package import ZeroMQ

/// Whether a peer can be reached and answers, by what came from it and what could be sent. It is told what happens and asked what
/// follows; it does nothing itself.
package struct Health: Sendable {
    /// Whether the peer can be expected to answer.
    package enum State: String, Sendable, CaseIterable {
        /// There is no connection, but there may be one in a moment.
        case connecting
        /// Connected, and nothing was heard yet. It counts as alive, as in lymph.
        case unknown
        /// Something was heard, and nothing has been due for long since.
        case responsive
        /// Connected, but nothing has come for ``silence`` although something is due.
        case unresponsive
        /// There has been no connection for ``patience``.
        case unreachable
    }

    /// How often a peer that is silent, and from which something is due, is pinged: as often as Python lymph pings.
    package static let pingInterval = Duration.seconds(1)
    /// How long it may be silent, as in Python lymph.
    package static let silence = Duration.seconds(3)
    /// How long a call waits for a connection before another instance is tried. A handshake takes about a millisecond.
    package static let patience = Duration.milliseconds(100)
    /// How long a call waits for a connection when there is no other instance, unless it waits for the service to be ready.
    package static let connectTime = Duration.seconds(1)

    /// Since when nothing could be sent.
    package private(set) var blockedSince: Instant?
    /// When something came from the peer last.
    package private(set) var lastHeard: Instant?
    // Since when something of ours waits for any sign of life.
    private var dueSince: Instant?
    private var lastPing: (id: UInt128, at: Instant)?
    private var arrivals = ArrivalStatistics()

    /// The smoothed time between a ping and its answer.
    package private(set) var roundTrip: Duration?

    package init() {}

    package func state(at now: Instant) -> State {
        if let blockedSince { return now - blockedSince < Self.patience ? .connecting : .unreachable }
        if let dueSince, now - dueSince >= Self.silence { return .unresponsive }
        return lastHeard == nil ? .unknown : .responsive
    }

    /// How unlikely it is, after the pauses before, that the peer is only taking its time: the more the surer it is gone. 1 means
    /// one in ten, 2 one in a hundred. Nil as long as nothing is known.
    package func phi(at now: Instant) -> Double? {
        guard dueSince != nil, let lastHeard else { return lastHeard == nil ? nil : 0 }
        return arrivals.phi(after: now - lastHeard)
    }

    /// A request of ours, or a ping, went out.
    package mutating func send(at now: Instant) {
        if dueSince == nil { dueSince = now }
    }

    /// Nothing can be sent now.
    package mutating func block(at now: Instant) {
        if blockedSince == nil { blockedSince = now }
    }

    /// Something can be sent again.
    package mutating func unblock() { blockedSince = nil }

    /// Any message came from the peer.
    package mutating func hear(at now: Instant) {
        if dueSince != nil, let lastHeard { arrivals.add(now - lastHeard) }
        lastHeard = now
        dueSince = nil
    }

    /// Whether it is time for a ping: something is due, by a call or by what was sent before, and has been for a while.
    package func needsPing(at now: Instant, isAwaited: Bool) -> Bool {
        guard isAwaited || dueSince != nil else { return false }
        let last = [lastHeard, lastPing?.at, dueSince].compactMap(\.self).max()
        return last.map { now - $0 >= Self.pingInterval } ?? true
    }

    package mutating func ping(_ id: UInt128, at now: Instant) {
        lastPing = (id, now)
        send(at: now)
    }

    /// Takes the answer to a ping.
    ///
    /// - Returns: false if it answers something else.
    package mutating func takePong(_ id: UInt128, at now: Instant) -> Bool {
        guard let lastPing, lastPing.id == id else { return false }
        let sample = now - lastPing.at
        roundTrip = roundTrip.map { ($0 * 7 + sample) / 8 } ?? sample
        return true
    }
}
