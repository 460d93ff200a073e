internal import MessagePack
internal import ZeroMQ

/// Which peers are alive, and what becomes of calls to those that are not.
extension Poller {
    /// A message came from a peer.
    func heard(from peer: Endpoint, at now: Instant) {
        peers.update(peer) { $0.connection.heard(at: now) }
    }

    /// Sends a heartbeat, as Python lymph does: it is answered by the peer's poller, whatever its methods do.
    func ping(_ peer: Endpoint, at now: Instant) {
        let id = ids.next()
        guard let headers = try? Headers.request(version: nil, trace: TraceID(id), extra: [:]) else { return }
        let message = Message(
            id: .number(id), kind: .request, about: .method("lymph.ping"), headers: headers,
            payload: .bytes(Self.pingBody))
        if peers[peer] == nil { _ = peers.use(peer, now: now, isOurChoice: true) }
        switch try? transport.send(message, over: .dial(peer)) {
        case .done: peers.update(peer) { $0.connection.pinged(id, at: now) }
        case .wouldBlock: peers.blocked(peer, now: now)
        case nil: break
        }
    }

    /// `{payload: ""}`
    private static let pingBody: [UInt8] = [0x81, 0xa7] + Array("payload".utf8) + [0xa0]

    /// Does what is due for the peers.
    func checkPeers(now: Instant) {
        for (peer, task) in peers.check(now: now, isNeeded: isWaitedFor) {
            switch task {
            case .letGo: letGo(peer)
            case .ping: ping(peer, at: now)
            case .reconnect: transport.reconnect(peer)
            case .avoid: avoid(peer, now: now)
            }
        }
        meterConnections(now: now)
    }

    private func letGo(_ peer: Endpoint) {
        for _ in 0..<outboxes.remove(.dial(peer)) {
            drop(.undeliverable, "there has been no connection to the peer", from: peer)
        }
        transport.disconnect(peer)
    }

    /// Whether a call waits for a connection to the peer.
    private func isWaitedFor(_ peer: Endpoint) -> Bool {
        outboxes.isWaitingForCall(to: peer) { pending[$0] != nil }
    }

    /// Finds other ways for what waits for a peer that is out of reach or silent.
    private func avoid(_ peer: Endpoint, now: Instant) {
        guard let known = peers[peer] else { return }
        for id in outboxes.takeCalls(.dial(peer)) { dispatch(id) }
        guard known.load.outstanding > 0 else { return }
        let isGone = known.connection.blockedSince.map { now - $0 >= Connection.silence } ?? false
        for id in pending.ids(where: { $0.sentTo == peer }) {
            if pending[id]?.isIdempotent == true, retry(id, after: .missing) { continue }
            if isGone, let call = pending[id] { fail(id, call.connectionLost()) }
        }
    }

    /// The state of every connection, for `lymph.status`.
    func connections() -> Value {
        let now = Instant.now
        let known = peers.all.sorted { $0.endpoint.description < $1.endpoint.description }
        return .array(
            known.map { $0.peer.connection.summary(of: $0.endpoint, outstanding: $0.peer.load.outstanding, at: now) })
    }

    /// Round trip and phi of every connection, for `lymph.get_metrics`.
    func connectionMetrics() -> [Value] {
        let now = Instant.now
        return peers.all.flatMap { endpoint, peer -> [Value] in
            let connection = peer.connection
            let tags = configuration.metricsTags.merging(
                ["peer": endpoint.description, "state": connection.state(at: now).rawValue]) { $1 }
            let measured = [
                ("lymph.connection.rtt", connection.roundTrip?.inSeconds),
                ("lymph.connection.phi", connection.phi(at: now)),
            ]
            return measured.compactMap { name, value in
                value.map { [.string(name), .double($0), Value(tags: tags)] }
            }
        }
    }

    private func meterConnections(now: Instant) {
        var counts: [Connection.State: Int] = [:]
        for (_, peer) in peers.all { counts[peer.connection.state(at: now), default: 0] += 1 }
        for state in Connection.State.allCases { statistics.connections(counts[state] ?? 0, state.rawValue) }
    }
}
