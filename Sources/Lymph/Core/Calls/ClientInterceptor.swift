internal import MessagePack

/// Code that every outgoing call of a client passes through: for headers, caches, limits, own retries.
///
/// ```swift
/// struct Tenant: ClientInterceptor {
///     let name: String
///
///     func intercept(_ call: OutgoingCall, next: ClientChain) async throws -> Message {
///         var call = call
///         call.options.headers["tenant"] = .string(name)
///         return try await next(call)
///     }
/// }
/// ```
///
/// It is installed with ``PeerConfiguration/clientInterceptors`` and runs in the caller's task.
public protocol ClientInterceptor: Sendable {
    /// Handles a call.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - next: Passes a call on to the next interceptor, and finally to the network. It may be called any number of
    ///     times; each time has its own timeout. It throws what the caller of a proxy gets: ``RemoteError``,
    ///     ``LymphError`` or `CancellationError`.
    /// - Returns: The answer: what `next` returned, or ``Message/reply(_:)``.
    /// - Throws: The caller's error. A proxy applies its error map to a ``RemoteError``.
    func intercept(_ call: OutgoingCall, next: ClientChain) async throws -> Message
}

/// A call on its way to the network.
public struct OutgoingCall: Sendable {
    /// The destination: a service's name, optionally with the required version, or a peer's endpoint.
    public var address: String { target.description }

    /// The method, as `interface.method`.
    public var subject: String

    /// The arguments: a MessagePack map from names to values.
    public var arguments: [UInt8]

    /// How the call is made. If `timeout` is nil, that of the configuration applies.
    public var options: CallOptions

    package let target: Target

    package init(_ target: Target, _ subject: String, _ arguments: [UInt8], _ options: CallOptions) {
        self.target = target
        self.subject = subject
        self.arguments = arguments
        self.options = options
    }
}

extension Message {
    /// A reply with a result, for a ``ClientInterceptor`` that answers a call itself.
    ///
    /// - Throws: An error if the result can't be encoded.
    public static func reply(_ result: some Encodable) throws -> Message {
        Message(
            id: .number(0), kind: .reply, purpose: .answer(.number(0)), headers: Headers(),
            payload: .bytes(try MessagePackEncoder.encode(result)))
    }
}

/// What a call has yet to pass: the remaining interceptors, then the network.
public struct ClientChain: Sendable {
    private let rest: ArraySlice<any ClientInterceptor>
    private let send: @Sendable (OutgoingCall) async throws -> Message

    /// - Parameters:
    ///   - interceptors: The first one is the outermost.
    ///   - send: Sends the call.
    package init(
        _ interceptors: ArraySlice<any ClientInterceptor>,
        _ send: @escaping @Sendable (OutgoingCall) async throws -> Message
    ) {
        rest = interceptors
        self.send = send
    }

    /// Passes a call on.
    ///
    /// - Throws: ``RemoteError``, ``LymphError``, `CancellationError`, or what an interceptor throws.
    public func callAsFunction(_ call: OutgoingCall) async throws -> Message {
        guard let first = rest.first else { return try await send(call) }
        return try await first.intercept(call, next: ClientChain(rest.dropFirst(), send))
    }
}
