extension Calls {
    /// What an answer leads to.
    enum Reaction {
        /// No call is waiting for it.
        case unknown
        /// It comes from a peer that was not asked.
        case wrongPeer
        /// It is ignored: the call goes on waiting.
        case none
        case end(CallEnd)
        /// Of the two instances that have the call, this one is out of it, with this outcome.
        case goOn(without: Endpoint, Load.Outcome)
        /// The call is retried on another instance.
        case retry(Retry)
    }

    /// The retry of a call.
    struct Retry {
        /// The peer that is given up.
        let peer: Endpoint
        /// The outcome at that peer.
        let outcome: Load.Outcome
        let next: Step
    }
}
