public import MessagePack

/// How calls are made. An option that is nil is taken from further out: from a proxy's own options, the task's scope,
/// the proxy's configured defaults, then the configuration.
public struct CallOptions: Sendable {
    /// The time limit of a call, including lookup, connecting, sending and waiting for the answer.
    public var timeout: Duration?

    /// Additional headers of the request. Python lymph ignores unknown ones.
    public var headers: [String: Value]

    /// Whether a call waits for a service without a registered or reachable instance, instead of failing at once.
    ///
    /// The service may even be unknown to the registry. Without this option a call still waits up to a second for a
    /// connection, and at the start of the program for its service to be registered
    /// (``PeerConfiguration/startupGrace``).
    public var waitForReady: Bool?

    /// Whether executing a call twice does no harm. Then it is retried on another instance when the first one falls
    /// silent, and it may be hedged. If this is nil, hedging relies on what the method's route says.
    ///
    /// Calls that were certainly not executed are retried in any case: those that could not be sent, and those that an
    /// instance refused because it is overloaded or stopping.
    public var idempotent: Bool?

    /// Whether a call that a method makes ends with the deadline of the request that the method works for, if that comes
    /// before the call's own timeout. It does, unless this is false: for work that must survive its caller.
    public var inheritsDeadline: Bool?

    /// When an idempotent call that is not answered yet is sent to a second instance; nil is never.
    public var hedge: Hedging?

    /// Creates options.
    public init(
        timeout: Duration? = nil, headers: [String: Value] = [:], waitForReady: Bool? = nil, idempotent: Bool? = nil,
        inheritsDeadline: Bool? = nil, hedge: Hedging? = nil
    ) {
        self.timeout = timeout
        self.headers = headers
        self.waitForReady = waitForReady
        self.idempotent = idempotent
        self.inheritsDeadline = inheritsDeadline
        self.hedge = hedge
    }

    /// The options of the task's scope, if it has one.
    @TaskLocal static var current: CallOptions?

    /// These options, with what is nil taken from `outer`.
    func over(_ outer: CallOptions?) -> CallOptions {
        guard let outer else { return self }
        return CallOptions(
            timeout: timeout ?? outer.timeout,
            headers: outer.headers.isEmpty ? headers : outer.headers.merging(headers) { $1 },
            waitForReady: waitForReady ?? outer.waitForReady, idempotent: idempotent ?? outer.idempotent,
            inheritsDeadline: inheritsDeadline ?? outer.inheritsDeadline, hedge: hedge ?? outer.hedge)
    }
}

/// Runs `body`, whose calls use these options unless their proxy was given its own by
/// ``Proxy/with(timeout:headers:waitForReady:idempotent:inheritsDeadline:hedge:)``.
///
/// ```swift
/// let report = try await withCallOptions(timeout: .seconds(30)) {
///     try await reports.call("monthly", month: 11)
/// }
/// ```
///
/// Scopes nest: the innermost scope that sets an option wins. Tasks started in the scope inherit it, except detached
/// ones.
///
/// - Parameters:
///   - timeout: The time limit of a call.
///   - headers: Additional headers of the request.
///   - waitForReady: Whether calls wait for a service without instances; see ``CallOptions/waitForReady``.
///   - idempotent: Whether executing a call twice does no harm; see ``CallOptions/idempotent``.
///   - inheritsDeadline: Whether calls end with the deadline of the request that is being handled; see
///     ``CallOptions/inheritsDeadline``.
///   - hedge: When idempotent calls are sent to a second instance; see ``Hedging``.
///   - body: Makes the calls.
@discardableResult
public func withCallOptions<R>(
    timeout: Duration? = nil, headers: [String: Value] = [:], waitForReady: Bool? = nil, idempotent: Bool? = nil,
    inheritsDeadline: Bool? = nil, hedge: Hedging? = nil, _ body: () async throws -> R
) async rethrows -> R {
    let options = CallOptions(
        timeout: timeout, headers: headers, waitForReady: waitForReady, idempotent: idempotent,
        inheritsDeadline: inheritsDeadline, hedge: hedge)
    return try await CallOptions.$current.withValue(options.over(.current), operation: body)
}
