package import ZeroMQ

/// The peers with outgoing connections, existing or attempted: their health and load, and the messages queued for
/// them.
///
/// Any sender can make us dial the endpoint that it claims. Therefore the number of peers is limited, and idle
/// connections are closed. A living Python peer sends heartbeats every second, so a connection to it is never idle.
/// That matters, because a Python ROUTER does not accept a second connection of a peer until some time after the first
/// one has ended.
package struct Peers: ~Copyable {
    private(set) var table: [Endpoint: PeerRecord] = [:]
    private var outboxes: Outboxes
    private var strangers: StrangerLimit
    private var nextLook: Instant?

    /// - Parameters:
    ///   - limit: The number of peers at which no stranger is dialled any more.
    ///   - byteLimit: The maximum size of all queued answers.
    package init(limit: Int, byteLimit: Int) {
        strangers = StrangerLimit(limit)
        outboxes = Outboxes(byteLimit: byteLimit)
    }

    package var count: Int { table.count }

    /// Lowers the limit for strangers, but not below 1.
    package mutating func restrict(to limit: Int) { strangers.restrict(to: limit) }

    // MARK: State of a peer

    package func isKnown(_ peer: Endpoint) -> Bool { table[peer] != nil }

    package func state(of peer: Endpoint, at now: Instant) -> Health.State? { table[peer]?.health.state(at: now) }

    /// Whether a peer is healthy as far as is known, connected or not.
    package func isGood(_ peer: Endpoint, at now: Instant) -> Bool {
        guard let known = table[peer] else { return true }
        switch known.health.state(at: now) {
        case .connecting, .unknown, .responsive: return !known.load.isSittingOut(at: now)
        case .unresponsive, .unreachable: return false
        }
    }

    /// Whether a peer may be connected. True for an unknown one.
    package func isReachable(_ peer: Endpoint, at now: Instant) -> Bool { state(of: peer, at: now) != .unreachable }

    /// Whether a peer is healthy and connected, and nothing is queued for it.
    package func isConnected(_ peer: Endpoint, at now: Instant) -> Bool {
        guard let known = table[peer], outboxes.isEmpty(.dial(peer)) else { return false }
        switch known.health.state(at: now) {
        case .unknown, .responsive: return !known.load.isSittingOut(at: now)
        case .connecting, .unresponsive, .unreachable: return false
        }
    }

    /// Whether a peer has been disconnected for so long that no further call should wait for it.
    package func isLost(_ peer: Endpoint, at now: Instant) -> Bool {
        guard let health = table[peer]?.health, let since = health.blockedSince else { return false }
        if health.isBarred(at: now) { return true }
        return now - since >= Health.connectTime
    }

    /// Whether calls in flight to a peer will get no answer.
    package func isGone(_ peer: Endpoint, at now: Instant) -> Bool { table[peer]?.health.isGone(at: now) ?? false }

    /// The number of calls in flight to a peer.
    package func outstanding(at peer: Endpoint) -> Int { table[peer]?.load.outstanding ?? 0 }

    /// Whether a peer should get the next call rather than another.
    package func isBetter(_ peer: Endpoint, than other: Endpoint, at now: Instant) -> Bool {
        (table[peer]?.load ?? Load()).isBetter(than: table[other]?.load ?? Load(), at: now)
    }

    // MARK: Events

    /// A message from a peer was received, which says that the peer supports these protocol extensions; nil if it says
    /// nothing about that.
    ///
    /// - Returns: The calls that it is to be told of because they have ended; see ``abandon(_:at:)``.
    @discardableResult
    package mutating func hear(from peer: Endpoint, _ features: Features? = nil, at now: Instant) -> [UInt128] {
        var calls: [UInt128] = []
        update(peer) {
            $0.health.hear(at: now)
            if let features { calls = $0.abandonedCalls.hear(features) }
        }
        return calls
    }

    /// The connection to a peer is gone.
    package mutating func disconnect(_ peer: Endpoint, at now: Instant) {
        update(peer) {
            $0.forgetProcess()
            $0.health.disconnect(at: now)
        }
        block(peer, at: now)
    }

    /// A call was sent to a peer.
    package mutating func beginCall(to peer: Endpoint, at now: Instant) {
        note(peer, isOurChoice: true, at: now) {
            $0.health.send(at: now)
            $0.load.begin(at: now)
        }
    }

    /// A call is no longer in flight to a peer.
    package mutating func endCall(to peer: Endpoint, _ outcome: Load.Outcome, at now: Instant) {
        update(peer) { $0.load.end(outcome, at: now) }
    }

    /// A peer is about to be connected to, because we want to call it.
    package mutating func introduce(_ peer: Endpoint, at now: Instant) {
        if table[peer] == nil { note(peer, isOurChoice: true, at: now) { _ in } }
    }

    /// An answer is about to be sent to a peer on an outgoing connection. Only this is subject to the limit: a
    /// stranger that claims many endpoints must not keep us from calling other peers.
    ///
    /// - Returns: Whether the peer is new.
    /// - Throws: An error if the peer is new and no stranger can be dialled for now.
    package mutating func admitAnswer(to peer: Endpoint, at now: Instant) throws(LymphError) -> Bool {
        let isNew = table[peer] == nil
        if isNew { try strangers.admit(peer, besides: table.count, at: now) }
        note(peer, isOurChoice: false, at: now) { _ in }
        return isNew
    }

    /// There was no descriptor left for a connection.
    package mutating func exhaust(_ cause: (any Error)?, at now: Instant) { strangers.exhaust(cause, at: now) }

    /// Nothing can be sent to a peer for now.
    ///
    /// - Parameter isOurChoice: Whether it was a call that could not be sent.
    package mutating func block(_ peer: Endpoint, isOurChoice: Bool = false, at now: Instant) {
        if isOurChoice { note(peer, isOurChoice: true, at: now) { _ in } }
        var next = PeerRecord.busy
        update(peer) {
            $0.health.block(at: now)
            next = $0.nextCheck(at: now)
        }
        look(by: now + next)
    }

    /// Messages can be sent to a peer again.
    ///
    /// - Returns: Whether to ping it: calls are in flight to it, and another process may have taken its place.
    @discardableResult
    package mutating func unblock(_ peer: Endpoint, at now: Instant) -> Bool {
        var asks = false
        update(peer) { asks = $0.health.unblock(at: now) && $0.load.outstanding > 0 }
        return asks
    }

    /// Nobody listens at the endpoint of a disconnected peer.
    package mutating func refuse(_ peer: Endpoint) { update(peer) { $0.health.refuse() } }

    /// There is another connection or instance: requests that wait for unreachable peers may be able to go there.
    mutating func reconsider(at now: Instant) {
        if outboxes.hasRequests(toAny: { !isReachable($0, at: now) }) { look(by: now) }
    }

    /// Forgets the health of an unreachable peer, because a new process has its endpoint.
    package mutating func forgetHealth(of peer: Endpoint) {
        update(peer) { $0.health = Health(after: $0.health) }
    }

    package mutating func ping(_ peer: Endpoint, _ id: UInt128, at now: Instant) {
        update(peer) { $0.health.ping(id, at: now) }
    }

    /// Takes the answer to the last ping.
    ///
    /// - Parameter age: The age of the peer's process, if the answer says it.
    /// - Returns: What follows from it; nil if the answer belongs to something else.
    package mutating func takePong(
        _ id: UInt128, _ age: @autoclosure () -> AgeHeader? = nil, from peer: Endpoint, at now: Instant
    ) -> Pong? {
        var pong: Pong?
        update(peer) { pong = $0.health.takePong(id, age(), at: now) }
        return pong
    }

    package mutating func remove(_ peer: Endpoint) { table[peer] = nil }

    private mutating func note(
        _ peer: Endpoint, isOurChoice: Bool, at now: Instant, _ change: (inout PeerRecord) -> Void
    ) {
        guard let index = table.index(forKey: peer) else {
            var new = PeerRecord(lastUse: now, isOurChoice: isOurChoice)
            change(&new)
            table[peer] = new
            return look(by: now + (isOurChoice ? PeerRecord.busy : PeerRecord.idle))
        }
        table.values[index].lastUse = now
        change(&table.values[index])
        guard isOurChoice else { return }
        table.values[index].isOurChoice = true
        look(by: now + PeerRecord.busy)
    }

    mutating func update(_ peer: Endpoint, _ change: (inout PeerRecord) -> Void) {
        // A service that calls nobody has no peers here: skip the lookup.
        guard !table.isEmpty, let index = table.index(forKey: peer) else { return }
        change(&table.values[index])
    }

    private mutating func look(by time: Instant) {
        nextLook = nextLook.map { min($0, time) } ?? time
    }

    // MARK: Time

    /// When ``takeDuties(at:)`` or ``takeBlockedRoutes(at:)`` may next return something.
    package var nextDeadline: Instant? { earliest(nextLook, outboxes.retryAt) }

    /// Checks every peer, if it is time to. Peers whose connections are to be closed are forgotten.
    mutating func takeDuties(at now: Instant) -> [(peer: Endpoint, duty: PeerRecord.Duty)] {
        guard let due = nextLook, due <= now else { return [] }
        var all: [(Endpoint, PeerRecord.Duty)] = []
        var next = PeerRecord.idle
        for (endpoint, peer) in table {
            let found = peer.duties(at: now, isWaitedFor: outboxes.requests(to: endpoint) > 0)
            next = min(next, found.next)
            all += found.duties.map { (endpoint, $0) }
        }
        // Not in the order of the table, which differs from run to run: what is done first may matter to others.
        if all.count > 1 { all.sort { $0.0 < $1.0 } }
        for case (let peer, .letGo) in all { table[peer] = nil }
        nextLook = table.isEmpty ? nil : now + next
        return all
    }

    /// The state of every peer, sorted by endpoint.
    func summaries(at now: Instant) -> [PeerSummary] {
        table.map { PeerSummary($0, $1, waiting: outboxes.count(.dial($0)), at: now) }.sorted {
            $0.endpoint.description < $1.endpoint.description
        }
    }

    /// The number of peers in each state.
    func census(at now: Instant) -> [Health.State: Int] {
        table.values.reduce(into: [:]) { $0[$1.health.state(at: now), default: 0] += 1 }
    }

    // MARK: Queued messages

    /// The number of queued answers.
    var waitingAnswers: Int { outboxes.answers }

    /// Whether nothing is queued for a route, so that the next message may be sent at once.
    func isFree(_ route: Route) -> Bool { outboxes.isEmpty(route) }

    func firstWaiting(for route: Route) -> Message? { outboxes.first(route) }

    mutating func removeFirstWaiting(for route: Route) { outboxes.removeFirst(route) }

    /// Queues an answer.
    ///
    /// - Returns: Whether there was room for it.
    mutating func enqueue(_ answer: Message, for route: Route, at now: Instant) -> Bool {
        outboxes.append(answer: answer, to: route, now: now)
    }

    /// Queues a request until its peer is connected.
    mutating func enqueueCall(_ request: Message, to peer: Endpoint, at now: Instant) -> Outbox.Ticket {
        // The peer may have been a stranger so far.
        note(peer, isOurChoice: true, at: now) { _ in }
        return outboxes.append(request: request, to: peer)
    }

    /// Removes the request of a call that has ended.
    mutating func withdraw(_ ticket: Outbox.Ticket, from peer: Endpoint) { outboxes.remove(ticket, from: .dial(peer)) }

    /// Removes and returns the requests queued for a peer.
    mutating func takeCalls(for peer: Endpoint) -> [Message] { outboxes.removeRequests(.dial(peer)) }

    /// Removes and returns all messages queued for a connection to a peer.
    mutating func takeWaiting(for peer: Endpoint) -> [Message] { outboxes.remove(.dial(peer)) }

    mutating func dropWaiting() { outboxes.removeAll() }

    /// Records that a return path is blocked.
    mutating func block(_ route: Route, at now: Instant) { outboxes.block(route, now: now) }

    /// Removes and returns the blocked return paths, if it is time to retry them.
    mutating func takeBlockedRoutes(at now: Instant) -> [Route] {
        guard let time = outboxes.retryAt, time <= now else { return [] }
        return outboxes.takeRetries()
    }
}
