internal import ZeroMQ

/// How far a call has come on its way to an answer.
struct CallProgress {
    enum Phase {
        /// Nothing can be sent yet.
        case waitingForStart
        /// The registry is asked for the service, or has nobody for it yet.
        case lookingUp(String)
        /// An instance was chosen, and the request is about to be sent if that is possible. `first` was chosen before it, for its
        /// merits: it gets the request if nobody can be sent to at once.
        case trying(Endpoint, first: Endpoint)
        /// The request waits for the connection.
        case queued(Endpoint, Outbox.Ticket)
        /// The request is on its way, or further.
        case sent(Endpoint, at: Instant)
    }

    var phase = Phase.waitingForStart
    /// The peers that were asked before the present one. Their answers still count.
    private(set) var tried: [Endpoint] = []
    /// Whether one of them may have executed it.
    private(set) var mayHaveRun = false

    /// The peer that the request was sent to.
    var sentTo: Endpoint? {
        if case .sent(let peer, _) = phase { peer } else { nil }
    }

    /// Whether an answer of a peer ends the call.
    func isAsked(_ peer: Endpoint) -> Bool { sentTo == peer || tried.contains(peer) }

    /// Notes that the peer which has the request is not waited for any more: the call looks for another.
    ///
    /// - Parameters:
    ///   - service: Where it looks.
    ///   - mayHaveRun: Whether the peer may have executed it. One that has refused it surely did not.
    mutating func giveUp(_ peer: Endpoint, lookingUp service: String, mayHaveRun: Bool) {
        tried.append(peer)
        phase = .lookingUp(service)
        if mayHaveRun { self.mayHaveRun = true }
    }

    /// What is known of the execution before there is an answer.
    var execution: LymphError.Execution { sentTo == nil && !mayHaveRun ? .none : .unknown }

}

/// The errors of calls that end without an answer.
extension Call {
    private var execution: LymphError.Execution { progress.execution }

    /// The error of a call that got no answer in time: it depends on how far the call came.
    func timeoutError() -> LymphError {
        let time = timeout
        return switch progress.phase {
        case .waitingForStart:
            LymphError(.stopped, "\(method): the client did not run within \(time); is its run() called?")
        case .lookingUp(let service):
            LymphError(
                .lookupFailure, "\(method): the registry did not find \(service) within \(time)", execution: execution)
        case .trying(let peer, _), .queued(let peer, _):
            LymphError(
                .notConnected,
                "\(method): no connection to \(peer) within \(time)"
                    + (progress.mayHaveRun ? "" : "; the request was not sent"),
                execution: execution)
        case .sent(let peer, _):
            LymphError(.timeout, "\(method): no answer from \(peer) within \(time)", execution: .unknown)
        }
    }

    /// The error of a call whose peer is gone.
    func connectionLostError() -> LymphError {
        LymphError(
            .connectionLost,
            "\(method): the connection to \(progress.sentTo?.description ?? "the peer") is lost; the request had been sent",
            execution: execution)
    }

    /// The error of a call that the end of everything cut short.
    func stoppedError(_ cause: LymphError) -> LymphError {
        LymphError(.stopped, "\(method): \(cause.message)", execution: execution, cause: cause)
    }

    /// The error of a call for which there is nobody.
    func unreachableError(_ why: String) -> LymphError {
        LymphError(.notConnected, "\(method): \(why)", execution: execution)
    }
}

/// A call that has left the table.
struct CallEnd {
    /// What the call leaves behind with its peer.
    enum Remains {
        case nothing
        /// Its request still waits for the connection.
        case queued(Endpoint, Outbox.Ticket)
        /// It was work for the peer, and this became of it.
        case sent(Endpoint, Load.Outcome)
    }

    let call: Call
    let result: Result<Message, any Error>
    let remains: Remains

    init(_ call: Call, _ result: Result<Message, any Error>, _ outcome: Load.Outcome) {
        self.call = call
        self.result = result
        remains =
            switch call.progress.phase {
            case .queued(let peer, let ticket): .queued(peer, ticket)
            case .sent(let peer, _): .sent(peer, outcome)
            case .waitingForStart, .lookingUp, .trying: .nothing
            }
    }

    /// An end that failed because of an error. Whatever it is about, an earlier attempt may have been executed.
    init(_ call: Call, throwing error: any Error, _ outcome: Load.Outcome = .abandoned) {
        var error = error
        let execution = call.progress.execution
        if execution != .none, let known = error as? LymphError, known.execution == .none {
            error = known.with(execution: execution)
        }
        self.init(call, .failure(error), outcome)
    }
}
