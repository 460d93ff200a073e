package import ZeroMQ

/// What follows from the answer to a ping.
package struct Pong: Sendable, Hashable {
    /// What was sent before this time was not received by the process that is there now, but by another one at best.
    /// Nil if nothing is known about that, or nothing new: it is found out once for each restored connection.
    package let lost: Instant?
}

/// Whether a peer is connected and responds, judged by what is received from it and what can be sent to it. It only
/// keeps the state: its owner reports events and asks for conclusions.
package struct Health: Sendable {
    /// Whether the peer can be expected to answer.
    package enum State: String, Sendable, CaseIterable {
        /// There has been no connection for less than ``patience``.
        case connecting
        /// Connected, but nothing was received yet. Counts as alive, as in Python lymph.
        case unknown
        /// Connected, and nothing has been due for ``silence``.
        case responsive
        /// Connected, but something has been due for ``silence`` and nothing was received.
        case unresponsive
        /// There has been no connection for ``patience``, or the peer is gone.
        case unreachable
    }

    /// The interval between pings to a silent peer from which something is due, as in Python lymph.
    package static let pingInterval = Duration.seconds(1)
    /// How long a message may be due before the peer counts as unresponsive, as in Python lymph.
    package static let silence = Duration.seconds(3)
    /// How long a call waits for a connection before another instance is tried. A handshake takes about 1 ms.
    package static let patience = Duration.milliseconds(100)
    /// How long a call waits for a connection if there is no other instance, unless it waits for readiness.
    package static let connectTime = Duration.seconds(1)

    /// Since when nothing can be sent; nil while messages can be sent.
    package private(set) var blockedSince: Instant?
    // Whether nobody listens at the peer's endpoint since then.
    private var isRefused = false
    // Until when the peer need not be asked again whether it admits us.
    private var barredUntil: Instant?
    /// When the last message was received.
    package private(set) var lastHeard: Instant?
    // Since when a sign of life is due, after a request or ping of ours.
    private var dueSince: Instant?
    private var lastPing: (id: UInt128, at: Instant)?
    private var arrivals = ArrivalStatistics()

    /// Whether the process at the peer's endpoint is the one that was there before.
    private enum Continuity {
        case certain
        /// The connection is gone, which was made at a time.
        case broken(made: Instant?)
        /// In the place of a connection that was made at a time, there has been another one since then, perhaps to another
        /// process.
        case doubtful(made: Instant?, since: Instant)
    }

    private var continuity = Continuity.certain
    // When the present connection was made.
    private var connectedAt: Instant?

    /// The smoothed round-trip time of pings.
    package private(set) var roundTrip: Duration?

    package init() {}

    /// The health of a process that has the endpoint of another one.
    package init(after predecessor: Health) { continuity = predecessor.broken }

    private var broken: Continuity {
        if case .broken = continuity { continuity } else { .broken(made: connectedAt) }
    }

    package func state(at now: Instant) -> State {
        if let blockedSince {
            return isRefused || now - blockedSince >= Self.patience ? .unreachable : .connecting
        }
        if let dueSince, now - dueSince >= Self.silence { return .unresponsive }
        return lastHeard == nil ? .unknown : .responsive
    }

    /// Whether calls in flight will get no answer: nobody listens at the peer's endpoint any more, or there has been no
    /// connection for ``silence``.
    package func isGone(at now: Instant) -> Bool {
        guard let blockedSince else { return false }
        return isRefused || now - blockedSince >= Self.silence
    }

    /// The times without a connection after which something else follows from that.
    private static let stages = [patience, connectTime, silence]

    /// How long until something else follows if there is still no connection then; nil if there is one, or nothing
    /// more will follow.
    package func untilNextStage(at now: Instant) -> Duration? {
        guard let blockedSince else { return nil }
        let blocked = now - blockedSince
        return Self.stages.first { $0 > blocked }.map { $0 - blocked }
    }

    /// How unlikely the current silence is, judged by earlier pauses: 1 means a probability of one in ten, 2 one in a
    /// hundred. The higher, the more certain it is that the peer is gone. Zero if nothing is due; nil without enough
    /// messages to judge.
    package func phi(at now: Instant) -> Double? {
        guard dueSince != nil, let lastHeard else { return lastHeard == nil ? nil : 0 }
        return arrivals.phi(after: now - lastHeard)
    }

    /// A request or ping was sent.
    package mutating func send(at now: Instant) {
        if dueSince == nil { dueSince = now }
    }

    /// Nothing can be sent now.
    package mutating func block(at now: Instant) {
        if blockedSince == nil { blockedSince = now }
    }

    /// The connection is gone.
    package mutating func disconnect(at now: Instant) {
        block(at: now)
        continuity = broken
        connectedAt = nil
    }

    /// Something can be sent again.
    ///
    /// - Returns: Whether that is on another connection, so that another process may be there.
    @discardableResult
    package mutating func unblock(at now: Instant) -> Bool {
        blockedSince = nil
        isRefused = false
        barredUntil = nil
        if connectedAt == nil { connectedAt = now }
        guard case .broken(let made) = continuity else { return false }
        continuity = .doubtful(made: made, since: now)
        return true
    }

    /// Nobody listens at the peer's endpoint, though its machine answers. Means nothing while messages can be sent.
    package mutating func refuse() { isRefused = blockedSince != nil }

    /// The peer does not admit us. It is asked again after a while, since its policy may change.
    package mutating func bar(at now: Instant) {
        disconnect(at: now)
        isRefused = true
        barredUntil = now + Self.barTime
    }

    /// Whether the peer has just said that it does not admit us.
    package func isBarred(at now: Instant) -> Bool { barredUntil.map { now < $0 } ?? false }

    /// How long until a peer that does not admit us is asked again.
    package static let barTime = Duration.seconds(5)

    /// A message was received.
    package mutating func hear(at now: Instant) {
        if dueSince != nil, let lastHeard { arrivals.add(now - lastHeard) }
        lastHeard = now
        dueSince = nil
    }

    /// Whether it is time for a ping: an answer to a call or ping is due, and nothing was heard or sent for
    /// ``pingInterval``.
    package func needsPing(at now: Instant, isAwaited: Bool) -> Bool {
        guard isAwaited || dueSince != nil else { return false }
        let last = [lastHeard, lastPing?.at, dueSince].compactMap(\.self).max()
        return last.map { now - $0 >= Self.pingInterval } ?? true
    }

    package mutating func ping(_ id: UInt128, at now: Instant) {
        lastPing = (id, now)
        send(at: now)
    }

    /// Takes the answer to the last ping.
    ///
    /// - Parameter age: The age of the peer's process, if the answer says it.
    /// - Returns: What follows from it; nil if the answer belongs to something else.
    package mutating func takePong(
        _ id: UInt128, _ age: @autoclosure () -> AgeHeader? = nil, at now: Instant
    ) -> Pong? {
        guard let lastPing, lastPing.id == id else { return nil }
        let sample = now - lastPing.at
        roundTrip = roundTrip.map { ($0 * 7 + sample) / 8 } ?? sample
        guard case .doubtful(let made, let since) = continuity, lastPing.at >= since else { return Pong(lost: nil) }
        continuity = .certain
        guard let opening = age()?.earliestOpening(asked: lastPing.at) else { return Pong(lost: nil) }
        // A process that began after the connection before was made has received nothing of what was sent over that.
        // What is sent over the present one goes to it, whatever the clocks say.
        return Pong(lost: made.map { $0 < opening } == true ? since : min(opening, since))
    }
}
