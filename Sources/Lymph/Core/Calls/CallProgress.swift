internal import ZeroMQ

/// The progress of a call.
struct CallProgress {
    enum Phase {
        /// The poller is not open yet.
        case waitingForStart
        /// The registry is being asked for the service, or has no instance yet.
        case lookingUp(String)
        /// Nobody has registered the service yet, and the registry is asked again. The error is that of a call that may
        /// not wait for this.
        indirect case unregistered(String, LymphError)
        /// An instance was chosen, and the request is about to be sent if that is possible at once. `first` is the
        /// instance that load balancing preferred: the request is queued for it if no instance is connected.
        case trying(Endpoint, first: Endpoint)
        /// The request waits for the connection.
        case queued(Endpoint, Outbox.Ticket)
        /// The request was sent.
        case sent(Endpoint, at: Instant)
    }

    var phase = Phase.waitingForStart
    /// The peers that were asked before the current one. Their answers still count.
    private(set) var tried: [Endpoint] = []
    /// Those of them that have not refused the call: they may have executed it, or still be at it.
    private(set) var working: [Endpoint] = []
    /// The second instance that was sent the request because the first one is slow.
    private(set) var hedge: Hedge?
    /// Whether there was no hedge for it when it first needed one.
    var hasAskedForHedge = false
    /// Whether an instance besides ``sentTo`` may have executed the call.
    var mayHaveRun: Bool { !working.isEmpty || hedge != nil }

    /// A second instance that was sent the request.
    struct Hedge {
        let peer: Endpoint
        let sentAt: Instant
    }

    /// The peers that may have executed the call, or still be at it.
    var possibleWorkers: [Endpoint] { working + [sentTo, hedge?.peer].compactMap(\.self) }

    /// The peer that the request was sent to; the first one if there is a hedge.
    var sentTo: Endpoint? {
        if case .sent(let peer, _) = phase { peer } else { nil }
    }

    /// The service that the registry has to find first.
    var awaitedService: String? {
        switch phase {
        case .lookingUp(let service), .unregistered(let service, _): service
        case .waitingForStart, .trying, .queued, .sent: nil
        }
    }

    /// Whether the request was ever sent to a peer, so that its answer counts.
    func isAsked(_ peer: Endpoint) -> Bool { isInFlight(to: peer) || tried.contains(peer) }

    /// Whether a peer's answer is being waited for.
    ///
    /// - Parameter time: Only if the peer was sent the request before this time; nil for any time.
    func isInFlight(to peer: Endpoint, before time: Instant? = nil) -> Bool {
        guard let sentAt = timeSent(to: peer) else { return false }
        return time.map { sentAt < $0 } ?? true
    }

    private func timeSent(to peer: Endpoint) -> Instant? {
        guard case .sent(let first, let sentAt) = phase else { return nil }
        if first == peer { return sentAt }
        return hedge?.peer == peer ? hedge?.sentAt : nil
    }

    /// Stops waiting for the peer that has the request, and looks for another.
    ///
    /// - Parameters:
    ///   - service: The service to choose another instance of.
    ///   - mayHaveRun: Whether the peer may have executed the call; false if it has refused it.
    mutating func giveUp(_ peer: Endpoint, lookingUp service: String, mayHaveRun: Bool) {
        tried.append(peer)
        phase = .lookingUp(service)
        if mayHaveRun { working.append(peer) }
    }

    /// The request was sent to a second instance.
    mutating func hedge(by peer: Endpoint, at now: Instant) { hedge = Hedge(peer: peer, sentAt: now) }

    /// Stops waiting for one of two instances that have the request; the other one goes on alone.
    ///
    /// - Parameter mayHaveRun: Whether the peer may have executed the call; false if it has refused it.
    /// - Returns: Whether there were two.
    mutating func drop(_ peer: Endpoint, mayHaveRun: Bool) -> Bool {
        guard let hedge, isInFlight(to: peer) else { return false }
        if peer != hedge.peer { phase = .sent(hedge.peer, at: hedge.sentAt) }
        self.hedge = nil
        tried.append(peer)
        if mayHaveRun { working.append(peer) }
        return true
    }

    /// Whether the call may have been executed, as far as is known without an answer.
    var execution: LymphError.Execution { sentTo == nil && !mayHaveRun ? .none : .unknown }
}

/// The errors of calls that end without an answer.
extension Call {
    private var execution: LymphError.Execution { progress.execution }

    /// The error of a call that timed out; it depends on how far the call came.
    func timeoutError() -> LymphError {
        let time = isTimeoutInherited ? "\(timeout), which was left for the request that made it" : "\(timeout)"
        return switch progress.phase {
        case .waitingForStart:
            LymphError(.stopped, "\(method): the client did not run within \(time); is its run() called?")
        case .lookingUp(let service):
            LymphError(
                .lookupFailure, "\(method): the registry did not find \(service) within \(time)", execution: execution)
        case .unregistered(let service, let error):
            LymphError(
                .lookupFailure,
                "\(method): nobody has registered \(service) within \(time)"
                    + (error.cause == nil ? "" : ": \(error.message)"),
                execution: execution, cause: error.cause)
        case .trying(let peer, _), .queued(let peer, _):
            LymphError(
                .notConnected,
                "\(method): no connection to \(peer) within \(time)"
                    + (progress.mayHaveRun ? "" : "; the request was not sent"),
                execution: execution)
        case .sent(let peer, _):
            LymphError(
                .timeout,
                "\(method): no answer from \(peer)\(progress.hedge.map { " or \($0.peer)" } ?? "") within \(time)",
                execution: .unknown)
        }
    }

    /// The error of a call that was made when its request had no time left.
    func lateError() -> LymphError {
        LymphError(
            .timeout, "\(method): the deadline of the request that makes this call has passed; nothing was sent",
            execution: .none)
    }

    /// The error of a call whose connection was lost.
    func connectionLostError() -> LymphError {
        LymphError(
            .connectionLost,
            "\(method): the connection to \(progress.sentTo?.description ?? "the peer") is lost; the request had been sent",
            execution: execution)
    }

    /// The error of a call that was answered with a NACK. What its sender did not execute, a peer that was asked before
    /// may have.
    func refusalError(_ nack: Message) -> LymphError {
        let error = LymphError(nack: nack, to: method)
        return progress.mayHaveRun && error.execution == .none ? error.with(execution: .unknown) : error
    }

    /// The error of a call that was ended by the end of the poller.
    func stoppedError(_ cause: LymphError) -> LymphError {
        LymphError(.stopped, "\(method): \(cause.message)", execution: execution, cause: cause)
    }

    /// The error of a call that no connection is allowed for.
    func unauthorizedError(_ why: String) -> LymphError {
        LymphError(.unauthorized, "\(method): \(why)", execution: execution)
    }

    /// The error of a call that no instance can take.
    func unreachableError(_ why: String) -> LymphError {
        LymphError(.notConnected, "\(method): \(why)", execution: execution)
    }
}
