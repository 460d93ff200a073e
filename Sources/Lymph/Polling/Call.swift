internal import MessagePack

/// Whom a request is for.
package enum Target: Sendable, Hashable {
    /// One peer.
    case endpoint(Endpoint)
    /// Any instance of a service; of a version that is compatible with the one asked for.
    case service(String, Version?)
}

extension Target: CustomStringConvertible {
    package var description: String {
        switch self {
        case .endpoint(let endpoint): endpoint.description
        case .service(let name, let version): version.map { "\(name)@\($0)" } ?? name
        }
    }
}

/// A request as the caller made it.
package struct OutgoingRequest: Sendable {
    let target: Target
    /// `interface.method`
    let method: String
    var body: [UInt8]
    let trace: TraceID?
    let headers: [String: Value]
    let timeout: Duration
    let deadline: ContinuousClock.Instant
}

/// A call that waits for its answer.
struct Call {
    enum Phase {
        /// The poller is not open yet.
        case waitingForStart
        /// The registry is asked for the service.
        case lookingUp(String)
        /// The instance is chosen; the request waits for the connection.
        case connecting(Endpoint)
        /// The request is on its way, or further.
        case sent(Endpoint)
    }

    let id: UInt128
    var request: OutgoingRequest
    let continuation: CheckedContinuation<Message, any Error>
    var phase = Phase.waitingForStart
    /// The message, once the instance is chosen and until it is sent.
    var message: Message?

    /// The peer that the request was sent to.
    var sentTo: Endpoint? {
        if case .sent(let peer) = phase { peer } else { nil }
    }

    /// The error of a call that got no answer in time: it depends on how far the call came.
    func expired() -> LymphError {
        let time = request.timeout
        return switch phase {
        case .waitingForStart:
            LymphError(.stopped, "\(request.method): the client did not run within \(time); is its run() called?")
        case .lookingUp(let service):
            LymphError(.lookupFailure, "\(request.method): the registry did not find \(service) within \(time)")
        case .connecting(let peer):
            LymphError(
                .notConnected, "\(request.method): no connection to \(peer) within \(time); the request was not sent")
        case .sent(let peer):
            LymphError(.timeout, "\(request.method): no answer from \(peer) within \(time)", execution: .unknown)
        }
    }

    /// The error of a call that the end of everything cut short.
    func stopped(_ error: LymphError) -> LymphError {
        LymphError(
            .stopped, "\(request.method): \(error.message)", execution: sentTo == nil ? .none : .unknown, cause: error)
    }
}
