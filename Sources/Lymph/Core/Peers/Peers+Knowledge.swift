internal import ZeroMQ

/// What peers say of themselves on the present connection.
extension Peers {
    /// A call has ended for which a peer may be working.
    package mutating func abandon(_ call: UInt128, at peer: Endpoint) -> AbandonedCalls.Notice {
        var notice = AbandonedCalls.Notice.none
        update(peer) { notice = $0.abandonedCalls.add(call) }
        return notice
    }

    /// A peer does not admit us.
    mutating func bar(_ peer: Endpoint, at now: Instant) {
        update(peer) {
            $0.forgetProcess()
            $0.health.bar(at: now)
        }
        block(peer, at: now)
    }

    /// Whether a peer has just said that it does not admit us.
    func isBarred(_ peer: Endpoint, at now: Instant) -> Bool { table[peer]?.health.isBarred(at: now) ?? false }

    /// The peers that are known by encrypted endpoints.
    var encrypted: [Endpoint] { table.keys.filter { $0.key != nil }.sorted() }

    /// Whether connected peers have still to say whether they can be told of calls that have ended.
    var oweSignsOfLife: Bool {
        table.values.contains { !$0.abandonedCalls.isEmpty && $0.health.blockedSince == nil }
    }

    /// Whether a method of a peer may be executed twice for one call without harm; nil if that is not known.
    func isIdempotent(_ method: String, at peer: Endpoint) -> Bool? { table[peer]?.idempotentMethods.contains(method) }

    /// It has to be known which methods of a peer are idempotent.
    ///
    /// - Returns: Whether the peer is to be asked.
    mutating func needIdempotentMethods(of peer: Endpoint, at now: Instant) -> Bool {
        var isToBeAsked = false
        update(peer) { isToBeAsked = $0.idempotentMethods.need(at: now) }
        return isToBeAsked
    }

    /// A peer has said which of its methods are idempotent.
    mutating func learn(idempotentMethods names: Set<String>, of peer: Endpoint) {
        update(peer) { $0.idempotentMethods.learn(names) }
    }
}
