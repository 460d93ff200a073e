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

/// What a caller asks for. What becomes of it is the business of ``Calls``.
final class Call: @unchecked Sendable {  // Who makes it hands it to the poller, whose alone it is from then on.
    let target: Target
    /// `interface.method`
    let method: String
    /// The arguments; empty as soon as they are not needed any more.
    private(set) var body: [UInt8]
    /// What it belongs to; nil for a call that begins something new, which is named like its request.
    let trace: TraceID?
    let headers: [String: Value]
    let timeout: Duration
    let deadline: Instant
    /// Whether it does no harm to execute it twice.
    let isIdempotent: Bool
    /// Whether it waits for a service that is not there yet, instead of failing at once.
    let waitsForReady: Bool
    /// 0 as long as it is not in the table of calls.
    var id: UInt128 = 0
    /// Kept by ``Calls``, and touched by nobody else.
    // Each access is over before other code runs.
    @exclusivity(unchecked) var progress = CallProgress()
    // Resumed once: whoever does it has taken the call out of the table before. A check would cost an allocation.
    private var continuation: UnsafeContinuation<Message, any Error>?

    /// A call whose time begins now.
    init(
        _ target: Target, _ method: String, _ body: [UInt8], trace: TraceID? = nil, timeout: Duration,
        options: CallOptions = CallOptions(), now: Instant
    ) {
        self.target = target
        self.method = method
        self.body = body
        self.trace = trace
        self.timeout = timeout
        deadline = now + timeout
        headers = options.headers
        isIdempotent = options.idempotent ?? false
        waitsForReady = options.waitForReady ?? false
    }

    /// Whether it is for `lymph`, whose methods have no version that a Python peer would find.
    var isBuiltin: Bool { BuiltinInterface.isSubject(method) }

    /// Notes who waits.
    func wait(_ continuation: UnsafeContinuation<Message, any Error>) { self.continuation = continuation }

    /// Lets the caller go on.
    func resume(_ result: Result<Message, any Error>) { continuation?.resume(with: result) }

    /// Lets go of the arguments: the call is never sent again.
    func releaseBody() { body = [] }

    /// The request, for an instance of this version.
    func request(version: Version?) throws(MessagePackError) -> Message {
        let headers = try Headers.request(
            version: isBuiltin ? nil : version, trace: trace ?? TraceID(id), extra: headers)
        return Message(
            id: .number(id), kind: .request, purpose: .call(method), headers: headers, payload: .bytes(body))
    }
}
