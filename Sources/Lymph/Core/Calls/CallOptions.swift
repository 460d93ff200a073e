public import MessagePack

/// How calls are made. What is nil is decided further out: by the task's scope, the proxy, the configuration.
public struct CallOptions: Sendable {
    /// How long a call may take in all: finding the service, connecting, sending, waiting for the answer.
    public var timeout: Duration?

    /// Headers that go with the request. Python lymph ignores those that it doesn't know.
    public var headers: [String: Value]

    /// Whether a call waits for a service that is not there, instead of failing at once: no instance is registered, or none can
    /// be reached. A service that is only slow to connect is waited for anyway, up to a second. The name may be one that the registry
    /// has never heard of.
    public var waitForReady: Bool?

    /// Whether it does no harm to execute a call twice. Then it is sent to another instance when the first falls silent.
    ///
    /// Calls that surely were not executed are sent again in any case: those that could not be sent, and those that an instance
    /// refused because it has too much to do or is about to stop.
    public var idempotent: Bool?

    /// Creates options.
    public init(
        timeout: Duration? = nil, headers: [String: Value] = [:], waitForReady: Bool? = nil, idempotent: Bool? = nil
    ) {
        self.timeout = timeout
        self.headers = headers
        self.waitForReady = waitForReady
        self.idempotent = idempotent
    }

    /// The options of the task's scope, if it has one.
    @TaskLocal static var current: CallOptions?

    /// These options where they say something, `outer` where they don't.
    func over(_ outer: CallOptions?) -> CallOptions {
        guard let outer else { return self }
        return CallOptions(
            timeout: timeout ?? outer.timeout,
            headers: outer.headers.isEmpty ? headers : outer.headers.merging(headers) { $1 },
            waitForReady: waitForReady ?? outer.waitForReady, idempotent: idempotent ?? outer.idempotent)
    }
}

/// Makes all calls of `body` with these options, unless a proxy was given its own by
/// ``Proxy/with(timeout:headers:waitForReady:idempotent:)``.
///
/// ```swift
/// let report = try await withCallOptions(timeout: .seconds(30)) {
///     try await reports.call("monthly", month: 11)
/// }
/// ```
///
/// Scopes nest; the innermost that says something counts. Tasks that are started in the scope inherit it.
///
/// - Parameters:
///   - timeout: How long a call may take in all.
///   - headers: Headers that go with the request.
///   - waitForReady: Whether calls wait for a service that is not there; see ``CallOptions/waitForReady``.
///   - idempotent: Whether it does no harm to execute a call twice; see ``CallOptions/idempotent``.
@discardableResult
public func withCallOptions<R>(
    timeout: Duration? = nil, headers: [String: Value] = [:], waitForReady: Bool? = nil, idempotent: Bool? = nil,
    _ body: () async throws -> R
) async rethrows -> R {
    let options = CallOptions(timeout: timeout, headers: headers, waitForReady: waitForReady, idempotent: idempotent)
    return try await CallOptions.$current.withValue(options.over(.current), operation: body)
}
