internal import MessagePack
internal import ZeroMQ

/// Whom a request is for.
// Indirect: every call copies it, and a version has several parts.
package indirect enum Target: Sendable, Hashable {
    /// One peer; exactly the version asked for, if one is.
    case endpoint(Endpoint, Version? = nil)
    /// Any instance of a service; of a version that is compatible with the one asked for.
    case service(String, Version?)
}

extension Target: CustomStringConvertible {
    package var description: String {
        switch self {
        case .endpoint(let endpoint, let version): version.map { "\(endpoint) (\($0))" } ?? endpoint.description
        case .service(let name, let version): VersionedName(name, version).description
        }
    }
}

/// A call that waits for its answer.
final class Call: @unchecked Sendable {  // Who makes it hands it to the poller, whose alone it is from then on.
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

    // What the caller said.
    let target: Target
    /// `interface.method`
    let method: String
    /// The arguments; empty as soon as they are not needed any more.
    var body: [UInt8]
    let trace: TraceID?
    let headers: [String: Value]
    let timeout: Duration
    let deadline: Instant
    /// Whether it does no harm to execute it twice.
    let isIdempotent: Bool
    /// Whether it waits for a service that is not there yet, instead of failing at once.
    let waitsForReady: Bool

    // What has become of it.
    /// 0 as long as it is not in the table of calls.
    var id: UInt128 = 0
    // Resumed once: whoever does it has taken the call out of the table before. A check would cost an allocation.
    var continuation: UnsafeContinuation<Message, any Error>?
    var phase = Phase.waitingForStart
    /// The message, once the instance is chosen and until it is sent.
    var message: Message?
    /// When the request was sent.
    var sentAt: Instant?
    /// The peers that were asked before the present one. Their answers still count.
    var tried: [Endpoint] = []
    /// Whether one of them may have executed it.
    var mayHaveRun = false

    /// A call whose time begins now.
    init(
        _ target: Target, _ method: String, _ body: [UInt8], trace: TraceID? = nil, timeout: Duration,
        options: CallOptions = CallOptions()
    ) {
        self.target = target
        self.method = method
        self.body = body
        self.trace = trace
        self.timeout = timeout
        deadline = .now + timeout
        headers = options.headers
        isIdempotent = options.idempotent ?? false
        waitsForReady = options.waitForReady ?? false
    }

    /// Ends the call.
    func end(_ result: Result<Message, any Error>) { continuation?.resume(with: result) }

    /// Whether an answer of a peer ends the call.
    func isAsked(_ peer: Endpoint) -> Bool { sentTo == peer || tried.contains(peer) }

    /// The peer that the request was sent to.
    var sentTo: Endpoint? {
        if case .sent(let peer) = phase { peer } else { nil }
    }

    /// The error of a call that got no answer in time: it depends on how far the call came.
    func expired() -> LymphError {
        let time = timeout
        return switch phase {
        case .waitingForStart:
            LymphError(.stopped, "\(method): the client did not run within \(time); is its run() called?")
        case .lookingUp(let service):
            LymphError(
                .lookupFailure, "\(method): the registry did not find \(service) within \(time)", execution: execution)
        case .connecting(let peer):
            LymphError(
                .notConnected,
                "\(method): no connection to \(peer) within \(time)" + (mayHaveRun ? "" : "; the request was not sent"),
                execution: execution)
        case .sent(let peer):
            LymphError(.timeout, "\(method): no answer from \(peer) within \(time)", execution: .unknown)
        }
    }

    /// The error of a call whose peer is gone.
    func connectionLost() -> LymphError {
        LymphError(
            .connectionLost,
            "\(method): the connection to \(sentTo?.description ?? "the peer") is lost; the request had been sent",
            execution: execution)
    }

    /// What is known of the execution before there is an answer.
    var execution: LymphError.Execution { sentTo == nil && !mayHaveRun ? .none : .unknown }

    /// The error of a call that the end of everything cut short.
    func stopped(_ error: LymphError) -> LymphError {
        LymphError(
            .stopped, "\(method): \(error.message)", execution: execution, cause: error)
    }
}
