internal import MessagePack
internal import ZeroMQ

/// The destination of a request.
// Indirect, because every call copies it and a version has several parts.
package indirect enum Target: Sendable, Hashable {
    /// One peer, optionally with the exact version to ask for.
    case endpoint(Endpoint, Version? = nil)
    /// Any instance of a service, optionally of a version compatible with this one.
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

/// A call: what the caller asks for, and its progress, which ``Calls`` manages.
final class Call: @unchecked Sendable {  // Handed over to the poller, and used only there from then on.
    let target: Target
    /// `interface.method`
    let method: String
    /// The encoded arguments; emptied once the call cannot be sent again.
    private(set) var body: [UInt8]
    /// The trace of the call; nil for a call that starts one, whose id is that of the request.
    let trace: TraceID?
    let headers: [String: Value]
    /// How long the call may take in all.
    let timeout: Duration
    let deadline: Instant
    /// Whether that is all that the request has left which the caller works for.
    let isTimeoutInherited: Bool
    /// Whether executing it twice does no harm; nil if the caller doesn't say.
    let isIdempotent: Bool?
    /// When it is sent to a second instance; nil if it never is.
    let hedging: Hedging?
    /// Whether it waits for a service without reachable instances, instead of failing at once.
    let waitsForReady: Bool
    /// The key in the table of calls; 0 before the call is in it.
    var id: UInt128 = 0
    /// Only for ``Calls``.
    // No access calls out to other code, so accesses cannot overlap.
    @exclusivity(unchecked) var progress = CallProgress()
    // Resumed once, because the call is taken out of the table first. A checked continuation would cost an allocation.
    private var continuation: UnsafeContinuation<Message, any Error>?

    /// Creates a call whose timeout starts now.
    ///
    /// - Parameter limit: The deadline of the request that the caller works for; nil if there is none, or if it doesn't
    ///   count.
    init(
        _ target: Target, _ method: String, _ body: [UInt8], trace: TraceID? = nil, timeout: Duration,
        notAfter limit: Instant? = nil, options: CallOptions = CallOptions(), now: Instant
    ) {
        self.target = target
        self.method = method
        self.body = body
        self.trace = trace
        let end = now + timeout
        if let limit, limit < end {
            (self.timeout, deadline, isTimeoutInherited) = (limit - now, limit, true)
        } else {
            (self.timeout, deadline, isTimeoutInherited) = (timeout, end, false)
        }
        headers = options.headers
        isIdempotent = options.idempotent
        hedging = options.idempotent == false || options.hedge == .never ? nil : options.hedge
        waitsForReady = options.waitForReady ?? false
    }

    /// Whether it calls the built-in interface `lymph`, which has no version that a Python peer would find.
    var isBuiltin: Bool { BuiltinInterface.isSubject(method) }

    /// Sets the continuation of the caller.
    func wait(_ continuation: UnsafeContinuation<Message, any Error>) { self.continuation = continuation }

    /// Resumes the caller.
    func resume(_ result: Result<Message, any Error>) { continuation?.resume(with: result) }

    /// Frees the arguments of a call that is never sent again.
    func releaseBody() { body = [] }

    /// How much time is left for the answer.
    func timeLeft(at now: Instant) -> TimeoutHeader { TimeoutHeader(from: now, until: deadline) }

    /// The request message for an instance of this version.
    func request(version: Version?, at now: Instant) throws(MessagePackError) -> Message {
        let headers = try Headers.request(
            version: isBuiltin ? nil : version, trace: trace ?? TraceID(id), timeout: timeLeft(at: now), extra: headers)
        return Message(
            id: .number(id), kind: .request, purpose: .call(method), headers: headers, payload: .bytes(body))
    }
}

extension Message {
    /// The id of the call that our request belongs to; 0, which no call has, for requests from peers.
    var callID: UInt128 {
        if case .number(let id) = id { id } else { 0 }
    }
}
