package import ZeroMQ

/// A peer that we have a connection of ours to, or try to have.
package struct Peer {
    package var connection = Connection()
    package var load = Load()
    /// When a message was sent to it last, pings not counted.
    package var lastUse: Instant
    /// Whether we wanted to call it, ever; otherwise it is only answered.
    package var isOurChoice: Bool
}

/// The peers that we have a connection of ours to.
///
/// Whoever sends us a message may make us dial the endpoint that it claims, so there is a limit, and what is not used for a while
/// is let go. A connection to a living Python peer is used every second, by its heartbeats: it is never closed, which matters
/// because Python's sockets take a second connection of a peer for a while only after the first one.
package struct PeerTable {
    private var peers: [Endpoint: Peer] = [:]
    package private(set) var limit: Int

    /// How long a connection may be unused.
    package static let idleTime = Duration.seconds(60)
    /// How long a peer that nobody wanted to call may take to be reached: who made us dial it may have made it up.
    package static let strangerTime = Duration.seconds(5)

    private static let urgent = Duration.milliseconds(50)
    private static let busy = Duration.milliseconds(500)
    private static let idle = Duration.seconds(10)

    /// When ``check(now:isNeeded:)`` should be called; nil while there are no peers.
    package private(set) var nextCheck: Instant?

    package init(limit: Int) { self.limit = limit }

    package var count: Int { peers.count }

    /// Lets no more than so many be dialled for strangers, if the limit is higher.
    package mutating func restrict(to limit: Int) { self.limit = min(self.limit, max(limit, 1)) }

    package subscript(peer: Endpoint) -> Peer? { peers[peer] }

    package var all: [(endpoint: Endpoint, peer: Peer)] { peers.map { ($0.key, $0.value) } }

    /// Notes that a message is to be sent to a peer.
    ///
    /// - Parameter isOurChoice: Whether we want to call the peer. The limit is for those that a stranger makes us dial: who
    ///   claims many endpoints must not keep us from calling others.
    /// - Returns: false if the peer is new, not our choice, and there are too many already.
    package mutating func use(_ peer: Endpoint, now: Instant, isOurChoice: Bool = false) -> Bool {
        guard isOurChoice || peers.count < limit || peers[peer] != nil else { return false }
        note(peer, now: now, isOurChoice: isOurChoice) { _ in }
        return true
    }

    /// Notes that a call was sent to a peer.
    package mutating func called(_ peer: Endpoint, at now: Instant) {
        note(peer, now: now, isOurChoice: true) {
            $0.connection.sent(at: now)
            $0.load.begin(at: now)
        }
    }

    private mutating func note(
        _ peer: Endpoint, now: Instant, isOurChoice: Bool, _ change: (inout Peer) -> Void
    ) {
        guard let index = peers.index(forKey: peer) else {
            var new = Peer(lastUse: now, isOurChoice: isOurChoice)
            change(&new)
            peers[peer] = new
            return check(by: now + (isOurChoice ? Self.busy : Self.idle))
        }
        peers.values[index].lastUse = now
        change(&peers.values[index])
        guard isOurChoice else { return }
        peers.values[index].isOurChoice = true
        check(by: now + Self.busy)
    }

    /// Notes that nothing can be sent to a peer now.
    package mutating func blocked(_ peer: Endpoint, now: Instant) {
        update(peer) { $0.connection.blocked(at: now) }
        check(by: now + Self.urgent)
    }

    /// Changes what is known of a peer; nothing happens if it is not in the table.
    package mutating func update(_ peer: Endpoint, _ body: (inout Peer) -> Void) {
        // Most services call nobody.
        guard !peers.isEmpty, let index = peers.index(forKey: peer) else { return }
        body(&peers.values[index])
    }

    package mutating func remove(_ peer: Endpoint) { peers[peer] = nil }

    private mutating func check(by time: Instant) {
        nextCheck = nextCheck.map { min($0, time) } ?? time
    }

    /// What is to be done about a peer.
    package enum Task: Equatable {
        /// It is not used any more: the connection can be closed.
        case letGo
        /// It must show that it is alive.
        case ping
        /// Its connection has been gone for a while.
        case reconnect
        /// It can't be reached, or doesn't answer: what waits for it may be better off elsewhere.
        case avoid
    }

    /// Looks at every peer.
    ///
    /// - Parameter isNeeded: Whether something waits to be sent to a peer.
    package mutating func check(now: Instant, isNeeded: (Endpoint) -> Bool) -> [(Endpoint, Task)] {
        guard let due = nextCheck, due <= now else { return [] }
        var tasks: [(Endpoint, Task)] = []
        var next = Self.idle
        for (endpoint, peer) in peers {
            let state = peer.connection.state(at: now)
            let unused = now - peer.lastUse
            let blocked = peer.connection.blockedSince.map { now - $0 } ?? .zero
            let isBusy = peer.load.outstanding > 0
            if unused >= Self.idleTime && !isBusy && !isNeeded(endpoint)
                || !peer.isOurChoice && blocked >= Self.strangerTime
            {
                tasks.append((endpoint, .letGo))
                continue
            }
            switch state {
            case .connecting: next = min(next, Self.urgent)
            case .unreachable:
                tasks.append((endpoint, .reconnect))
                next = min(next, Self.busy)
            case .unknown, .responsive, .unresponsive:
                // Those that only are answered have nothing else to wait for.
                if peer.isOurChoice { next = min(next, Self.busy) }
            }
            guard peer.isOurChoice else { continue }
            if peer.connection.needsPing(at: now, isAwaited: isBusy) { tasks.append((endpoint, .ping)) }
            if state == .unresponsive || state == .unreachable { tasks.append((endpoint, .avoid)) }
        }
        for case (let peer, .letGo) in tasks { peers[peer] = nil }
        nextCheck = peers.isEmpty ? nil : now + next
        return tasks
    }
}
