package import ZeroMQ

/// The peers that we have a connection of ours to, or try to have: how they are, how much they have to do for us, what waits to be
/// sent to them.
///
/// Whoever sends us a message may make us dial the endpoint that it claims, so there is a limit, and what is not used for a while
/// is let go. A connection to a living Python peer is used every second, by its heartbeats: it is never closed, which matters
/// because Python's sockets take a second connection of a peer for a while only after the first one.
package struct Peers: ~Copyable {
    private var table: [Endpoint: Peer] = [:]
    private var outboxes: Outboxes
    private var limit: Int
    private var nextLook: Instant?
    /// Until when nothing is opened for strangers, since there was no descriptor left.
    private var exhaustion: (end: Instant, cause: (any Error)?)?

    /// - Parameters:
    ///   - limit: How many peers may be dialled for strangers.
    ///   - byteLimit: How many bytes of answers may wait.
    package init(limit: Int, byteLimit: Int) {
        self.limit = limit
        outboxes = Outboxes(byteLimit: byteLimit)
    }

    package var count: Int { table.count }

    /// Lets no more than so many be dialled for strangers, if the limit is higher.
    package mutating func restrict(to limit: Int) { self.limit = min(self.limit, max(limit, 1)) }

    // MARK: How a peer is

    package func isKnown(_ peer: Endpoint) -> Bool { table[peer] != nil }

    package func state(of peer: Endpoint, at now: Instant) -> Health.State? { table[peer]?.health.state(at: now) }

    /// Whether there is nothing to be said against sending a call to a peer.
    package func isGood(_ peer: Endpoint, at now: Instant) -> Bool {
        guard let known = table[peer] else { return true }
        switch known.health.state(at: now) {
        case .connecting, .unknown, .responsive: return !known.load.isSittingOut(at: now)
        case .unresponsive, .unreachable: return false
        }
    }

    /// Whether there may be a connection to a peer.
    package func isReachable(_ peer: Endpoint, at now: Instant) -> Bool { state(of: peer, at: now) != .unreachable }

    /// Whether a peer can be sent a call at once, and is worth it.
    package func isConnected(_ peer: Endpoint, at now: Instant) -> Bool {
        guard let known = table[peer], outboxes.isEmpty(.dial(peer)) else { return false }
        switch known.health.state(at: now) {
        case .unknown, .responsive: return !known.load.isSittingOut(at: now)
        case .connecting, .unresponsive, .unreachable: return false
        }
    }

    /// Whether a peer has been out of reach for so long that no call waits for it.
    package func isLost(_ peer: Endpoint, at now: Instant) -> Bool {
        guard let since = table[peer]?.health.blockedSince else { return false }
        return now - since >= Health.connectTime
    }

    /// Whether a peer has been out of reach for so long that it will answer nothing that it was sent before.
    package func isGone(_ peer: Endpoint, at now: Instant) -> Bool {
        guard let since = table[peer]?.health.blockedSince else { return false }
        return now - since >= Health.silence
    }

    /// How many calls wait for an answer of a peer.
    package func outstanding(at peer: Endpoint) -> Int { table[peer]?.load.outstanding ?? 0 }

    /// Whether a peer should get the next call rather than another.
    package func isBetter(_ peer: Endpoint, than other: Endpoint, at now: Instant) -> Bool {
        (table[peer]?.load ?? Load()).isBetter(than: table[other]?.load ?? Load(), at: now)
    }

    // MARK: What happens

    /// A message came from a peer.
    package mutating func hear(from peer: Endpoint, at now: Instant) {
        update(peer) { $0.health.hear(at: now) }
    }

    /// A call was sent to a peer.
    package mutating func beginCall(to peer: Endpoint, at now: Instant) {
        note(peer, isOurChoice: true, at: now) {
            $0.health.send(at: now)
            $0.load.begin(at: now)
        }
    }

    /// A call that was sent to a peer is no longer work for it.
    package mutating func endCall(to peer: Endpoint, _ outcome: Load.Outcome, at now: Instant) {
        update(peer) { $0.load.end(outcome, at: now) }
    }

    /// A peer shall be connected to, as we want to call it.
    package mutating func introduce(_ peer: Endpoint, at now: Instant) {
        if table[peer] == nil { note(peer, isOurChoice: true, at: now) { _ in } }
    }

    /// An answer shall be sent to a peer, on a connection of ours. The limit is for those that a stranger makes us dial: who claims
    /// many endpoints must not keep us from calling others.
    ///
    /// - Returns: Whether the peer is new.
    /// - Throws: If it is, and no stranger is dialled for now.
    package mutating func admitAnswer(to peer: Endpoint, at now: Instant) throws(LymphError) -> Bool {
        let isNew = table[peer] == nil
        if isNew {
            // To find that there are no descriptors takes a look at each number that there is, so it is not done for every stranger.
            if let exhaustion, now < exhaustion.end {
                throw LymphError(
                    .notConnected, "can't connect to \(peer): there was no descriptor left", cause: exhaustion.cause)
            }
            guard table.count < limit else {
                throw LymphError(
                    .notConnected,
                    "can't connect to \(peer): there are connections to \(table.count) peers already")
            }
        }
        note(peer, isOurChoice: false, at: now) { _ in }
        return isNew
    }

    /// There was no descriptor left to connect to somebody.
    package mutating func exhaust(_ cause: (any Error)?, at now: Instant) {
        exhaustion = (now + .milliseconds(100), cause)
    }

    /// Nothing can be sent to a peer now.
    ///
    /// - Parameter isOurChoice: Whether it was a call that could not be sent.
    package mutating func block(_ peer: Endpoint, isOurChoice: Bool = false, at now: Instant) {
        if isOurChoice { note(peer, isOurChoice: true, at: now) { _ in } }
        update(peer) { $0.health.block(at: now) }
        look(by: now + Peer.urgent)
    }

    /// Something can be sent to a peer again.
    package mutating func unblock(_ peer: Endpoint) { update(peer) { $0.health.unblock() } }

    /// Somebody new is where nobody could be reached: what is known of the peer counts no more.
    package mutating func forgetHealth(of peer: Endpoint) { update(peer) { $0.health = Health() } }

    package mutating func ping(_ peer: Endpoint, _ id: UInt128, at now: Instant) {
        update(peer) { $0.health.ping(id, at: now) }
    }

    /// Takes the answer to a ping.
    ///
    /// - Returns: false if it answers something else.
    package mutating func takePong(_ id: UInt128, from peer: Endpoint, at now: Instant) -> Bool {
        var isPong = false
        update(peer) { isPong = $0.health.takePong(id, at: now) }
        return isPong
    }

    package mutating func remove(_ peer: Endpoint) { table[peer] = nil }

    private mutating func note(
        _ peer: Endpoint, isOurChoice: Bool, at now: Instant, _ change: (inout Peer) -> Void
    ) {
        guard let index = table.index(forKey: peer) else {
            var new = Peer(lastUse: now, isOurChoice: isOurChoice)
            change(&new)
            table[peer] = new
            return look(by: now + (isOurChoice ? Peer.busy : Peer.idle))
        }
        table.values[index].lastUse = now
        change(&table.values[index])
        guard isOurChoice else { return }
        table.values[index].isOurChoice = true
        look(by: now + Peer.busy)
    }

    private mutating func update(_ peer: Endpoint, _ change: (inout Peer) -> Void) {
        // Most services call nobody.
        guard !table.isEmpty, let index = table.index(forKey: peer) else { return }
        change(&table.values[index])
    }

    private mutating func look(by time: Instant) {
        nextLook = nextLook.map { min($0, time) } ?? time
    }

    // MARK: Time

    /// When ``takeDuties(at:)`` or ``takeBlockedRoutes(at:)`` may have something to offer.
    package var nextDeadline: Instant? { earliest(nextLook, outboxes.retryAt) }

    /// Looks at every peer, if it is time to. Those that are let go are forgotten.
    mutating func takeDuties(at now: Instant) -> [(peer: Endpoint, duty: Peer.Duty)] {
        guard let due = nextLook, due <= now else { return [] }
        var all: [(Endpoint, Peer.Duty)] = []
        var next = Peer.idle
        for (endpoint, peer) in table {
            let found = peer.duties(at: now, isWaitedFor: outboxes.requests(to: endpoint) > 0)
            next = min(next, found.next)
            all += found.duties.map { (endpoint, $0) }
        }
        for case (let peer, .letGo) in all { table[peer] = nil }
        nextLook = table.isEmpty ? nil : now + next
        return all
    }

    /// How every peer is, in a stable order.
    func summaries(at now: Instant) -> [PeerSummary] {
        table.map { PeerSummary($0, $1, waiting: outboxes.count(.dial($0)), at: now) }.sorted {
            $0.endpoint.description < $1.endpoint.description
        }
    }

    /// How many peers are in which state.
    func census(at now: Instant) -> [Health.State: Int] {
        table.values.reduce(into: [:]) { $0[$1.health.state(at: now), default: 0] += 1 }
    }

    // MARK: What waits to be sent

    /// How many answers wait in all.
    var waitingAnswers: Int { outboxes.answers }

    /// Whether nothing waits for a route, so that the next message may be sent at once.
    func isFree(_ route: Route) -> Bool { outboxes.isEmpty(route) }

    func firstWaiting(for route: Route) -> Message? { outboxes.first(route) }

    mutating func removeFirstWaiting(for route: Route) { outboxes.removeFirst(route) }

    /// Lets an answer wait.
    ///
    /// - Returns: Whether there is room for it.
    mutating func enqueue(_ answer: Message, for route: Route, at now: Instant) -> Bool {
        outboxes.append(answer: answer, to: route, now: now)
    }

    /// Lets a call wait until there is a connection to its peer.
    mutating func enqueueCall(_ request: Message, to peer: Endpoint, at now: Instant) -> Outbox.Ticket {
        // Perhaps so far it was only answered.
        note(peer, isOurChoice: true, at: now) { _ in }
        return outboxes.append(request: request, to: peer)
    }

    /// The call that waited for a peer is over.
    mutating func withdraw(_ ticket: Outbox.Ticket, from peer: Endpoint) { outboxes.remove(ticket, from: .dial(peer)) }

    /// Takes out the calls that wait for a peer.
    mutating func takeCalls(for peer: Endpoint) -> [Message] { outboxes.removeRequests(.dial(peer)) }

    /// Takes out all that waits for a connection to a peer.
    mutating func takeWaiting(for peer: Endpoint) -> [Message] { outboxes.remove(.dial(peer)) }

    mutating func dropWaiting() { outboxes.removeAll() }

    /// Notes that a way back took nothing.
    mutating func block(_ route: Route, at now: Instant) { outboxes.block(route, now: now) }

    /// The blocked ways back that should be tried again, if it is time to.
    mutating func takeBlockedRoutes(at now: Instant) -> Set<Route> {
        guard let time = outboxes.retryAt, time <= now else { return [] }
        return outboxes.takeRetries()
    }
}

/// How a peer is, for those who ask.
struct PeerSummary {
    let endpoint: Endpoint
    let state: Health.State
    /// The smoothed time between a ping and its answer.
    let roundTrip: Duration?
    /// See ``Health/phi(at:)``.
    let phi: Double?
    /// How many calls wait for its answer.
    let outstanding: Int
    /// How many messages wait until they can be sent to it.
    let waiting: Int

    init(_ endpoint: Endpoint, _ peer: Peer, waiting: Int, at now: Instant) {
        self.waiting = waiting
        self.endpoint = endpoint
        state = peer.health.state(at: now)
        roundTrip = peer.health.roundTrip
        phi = peer.health.phi(at: now)
        outstanding = peer.load.outstanding
    }
}
