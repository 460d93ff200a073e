internal import ZeroMQ

/// A call that has left the table.
struct CallEnd {
    /// What has to be cleaned up at the peer.
    enum Remains {
        case nothing
        /// The request is still queued for the connection.
        case queued(Endpoint, Outbox.Ticket)
        /// The call was in flight to the peer, with this outcome.
        case sent(Endpoint, Load.Outcome)
    }

    let call: Call
    let result: Result<Message, any Error>
    let remains: Remains
    /// The second instance that the call was in flight to, and the outcome there.
    let hedge: (peer: Endpoint, outcome: Load.Outcome)?

    /// The peers that may still be working for the call although its result isn't theirs, or is none.
    var workers: [Endpoint] {
        let progress = call.progress
        switch result {
        case .success(let answer):
            // Nearly always there are none.
            guard progress.mayHaveRun else { return [] }
            return progress.possibleWorkers.filter { $0 != answer.source }
        case .failure: return progress.possibleWorkers
        }
    }

    /// - Parameters:
    ///   - outcome: The outcome at the peer that the request was sent to; at the first one if there is a hedge.
    ///   - hedgeOutcome: The outcome at the second one.
    init(
        _ call: Call, _ result: Result<Message, any Error>, _ outcome: Load.Outcome,
        hedge hedgeOutcome: Load.Outcome = .abandoned
    ) {
        self.call = call
        self.result = result
        hedge = call.progress.hedge.map { ($0.peer, hedgeOutcome) }
        remains =
            switch call.progress.phase {
            case .queued(let peer, let ticket): .queued(peer, ticket)
            case .sent(let peer, _): .sent(peer, outcome)
            case .waitingForStart, .lookingUp, .unregistered, .trying: .nothing
            }
    }

    /// The end of a call that failed. If an earlier attempt may have been executed, the error says so.
    init(_ call: Call, throwing error: any Error, _ outcome: Load.Outcome = .abandoned) {
        var error = error
        let execution = call.progress.execution
        if execution != .none, let known = error as? LymphError, known.execution == .none {
            error = known.with(execution: execution)
        }
        self.init(call, .failure(error), outcome)
    }
}
