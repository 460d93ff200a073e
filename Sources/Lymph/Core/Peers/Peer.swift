internal import ZeroMQ

/// A peer that we have a connection of ours to, or try to have.
struct Peer {
    var health = Health()
    var load = Load()
    /// When a message was sent to it last, pings not counted.
    var lastUse: Instant
    /// Whether we wanted to call it, ever; otherwise it is only answered.
    var isOurChoice: Bool

    /// How long a connection may be unused.
    static let idleTime = Duration.seconds(60)
    /// How long a peer that nobody wanted to call may take to be reached: who made us dial it may have made it up.
    static let strangerTime = Duration.seconds(5)

    /// When to look at a peer again that may be connected to in a moment, that we call, and any other.
    static let (urgent, busy, idle) = (Duration.milliseconds(50), Duration.milliseconds(500), Duration.seconds(10))

    init(lastUse: Instant, isOurChoice: Bool) {
        self.lastUse = lastUse
        self.isOurChoice = isOurChoice
    }

    /// What is to be done about a peer.
    enum Duty: Equatable {
        /// It is not used any more: the connection can be closed.
        case letGo
        /// It must show that it is alive.
        case ping
        /// Its connection has been gone for a while.
        case reconnect
        /// It can't be reached, or doesn't answer: what waits for it may be better off elsewhere.
        case avoid
    }

    /// What is to be done now, and when to look again.
    ///
    /// - Parameter isWaitedFor: Whether a call waits for the connection.
    func duties(at now: Instant, isWaitedFor: Bool) -> (duties: [Duty], next: Duration) {
        let state = health.state(at: now)
        let blocked = health.blockedSince.map { now - $0 } ?? .zero
        let isBusy = load.outstanding > 0
        if now - lastUse >= Self.idleTime && !isBusy && !isWaitedFor || !isOurChoice && blocked >= Self.strangerTime {
            return ([.letGo], Self.idle)
        }
        var duties: [Duty] = []
        var next = Self.idle
        switch state {
        case .connecting: next = Self.urgent
        case .unreachable:
            duties.append(.reconnect)
            next = Self.busy
        case .unknown, .responsive, .unresponsive:
            // Those that only are answered have nothing else to wait for.
            if isOurChoice { next = Self.busy }
        }
        guard isOurChoice else { return (duties, next) }
        if health.needsPing(at: now, isAwaited: isBusy) { duties.append(.ping) }
        if state == .unresponsive || state == .unreachable { duties.append(.avoid) }
        return (duties, next)
    }
}
