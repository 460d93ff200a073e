internal import MessagePack

/// Something that every call of a client passes before it is sent: for headers, caches, limits, retries of one's own.
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
/// It is installed by ``ContainerConfiguration/clientInterceptors``, and runs in the task of the caller.
public protocol ClientInterceptor: Sendable {
    /// Makes a call.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - next: Hands a call on, to the next interceptor and at last to the network. It may be called never, or several times; each
    ///     call has its own timeout. It throws what the caller of a proxy gets: ``RemoteError``, ``LymphError`` or
    ///     `CancellationError`.
    /// - Returns: The answer: what `next` returned, or ``Message/reply(_:)``.
    /// - Throws: What the caller gets. A proxy applies its error map to a ``RemoteError``.
    func intercept(_ call: OutgoingCall, next: ClientChain) async throws -> Message
}

/// A call on its way to the network.
public struct OutgoingCall: Sendable {
    /// Whom it is for: a service's name, perhaps with the version that is needed, or the endpoint of a peer.
    public var address: String { target.description }

    /// The method, as `interface.method`.
    public var subject: String

    /// The arguments: a MessagePack map by their names.
    public var arguments: [UInt8]

    /// How the call is made. A timeout of nil is the configuration's.
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
    /// The reply with a result, for a ``ClientInterceptor`` that answers a call itself.
    ///
    /// - Throws: If the result can't be encoded.
    public static func reply(_ result: some Encodable) throws -> Message {
        Message(
            id: .number(0), kind: .reply, purpose: .answer(.number(0)), headers: Headers(),
            payload: .bytes(try MessagePackEncoder.encode(result)))
    }
}

/// What a call still has to pass: the interceptors that follow, and at last the network.
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

    /// Hands a call on.
    ///
    /// - Throws: ``RemoteError``, ``LymphError`` or `CancellationError`, or what an interceptor throws.
    public func callAsFunction(_ call: OutgoingCall) async throws -> Message {
        guard let first = rest.first else { return try await send(call) }
        return try await first.intercept(call, next: ClientChain(rest.dropFirst(), send))
    }
}
