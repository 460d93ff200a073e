public import MessagePack

/// How calls are made. What is nil is decided further out: by the task's scope, the proxy, the configuration.
public struct CallOptions: Sendable {
    /// How long a call may take in all: finding the service, connecting, sending, waiting for the answer.
    public var timeout: Duration?

    /// Headers that go with the request. Python lymph ignores those that it doesn't know.
    public var headers: [String: Value]

    /// Creates options.
    public init(timeout: Duration? = nil, headers: [String: Value] = [:]) {
        self.timeout = timeout
        self.headers = headers
    }

    /// The options of the task's scope.
    @TaskLocal static var current = CallOptions()

    /// These options where they say something, `outer` where they don't.
    func over(_ outer: CallOptions) -> CallOptions {
        CallOptions(
            timeout: timeout ?? outer.timeout,
            headers: outer.headers.isEmpty ? headers : outer.headers.merging(headers) { $1 })
    }
}

/// Makes all calls of `body` with these options, unless a proxy was given its own by ``Proxy/with(timeout:headers:)``.
///
/// ```swift
/// let report = try await withCallOptions(timeout: .seconds(30)) {
///     try await reports.call("monthly", month: 11)
/// }
/// ```
///
/// Scopes nest; the innermost that says something counts. Tasks that are started in the scope inherit it.
@discardableResult
public func withCallOptions<R>(
    timeout: Duration? = nil, headers: [String: Value] = [:], _ body: () async throws -> R
) async rethrows -> R {
    let options = CallOptions(timeout: timeout, headers: headers).over(.current)
    return try await CallOptions.$current.withValue(options, operation: body)
}
