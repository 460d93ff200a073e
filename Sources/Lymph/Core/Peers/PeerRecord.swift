internal import ZeroMQ

/// A peer to which we have an outgoing connection, or try to get one.
struct PeerRecord {
    var health = Health()
    var load = Load()
    /// When we last sent it something, or wanted to; pings don't count.
    var lastUse: Instant
    /// Whether we ever wanted to call it. If not, it is a stranger that only gets answers.
    var isOurChoice: Bool

    /// The calls that it may be working for in vain.
    var abandonedCalls = AbandonedCalls()
    var idempotentMethods = IdempotentMethods()

    /// How long a connection may be idle before it is closed.
    static let idleTime = Duration.seconds(60)
    /// How long a stranger may be unreachable before it is given up: a caller may have made its endpoint up.
    static let strangerTime = Duration.seconds(5)

    /// When to check a peer again at the latest: while we call it or it has no connection, and otherwise.
    static let (busy, idle) = (Duration.milliseconds(500), Duration.seconds(10))

    init(lastUse: Instant, isOurChoice: Bool) {
        self.lastUse = lastUse
        self.isOurChoice = isOurChoice
    }

    /// Another process may have the endpoint by now.
    mutating func forgetProcess() {
        abandonedCalls = AbandonedCalls()
        idempotentMethods = IdempotentMethods()
    }

    /// What the poller has to do about a peer.
    enum Duty: Equatable {
        /// Close the connection: it is idle, or leads to an unreachable stranger.
        case letGo
        /// Send a ping.
        case ping
        /// Try to restore a lost connection.
        case reconnect
        /// Move calls elsewhere: the peer is unreachable or unresponsive.
        case avoid
    }

    /// When to check a peer without a connection again.
    func nextCheck(at now: Instant) -> Duration { min(Self.busy, health.untilNextStage(at: now) ?? Self.busy) }

    /// What to do now, and when to check again.
    ///
    /// - Parameter isWaitedFor: Whether requests are queued for the connection.
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
        case .connecting: next = nextCheck(at: now)
        case .unreachable:
            if !health.isBarred(at: now) { duties.append(.reconnect) }
            next = nextCheck(at: now)
        case .unknown, .responsive, .unresponsive:
            // A stranger needs no further attention.
            if isOurChoice { next = Self.busy }
        }
        guard isOurChoice else { return (duties, next) }
        if health.needsPing(at: now, isAwaited: isBusy) { duties.append(.ping) }
        if state == .unresponsive || state == .unreachable { duties.append(.avoid) }
        return (duties, next)
    }
}
