/// A method that sends its answers itself, through a ``ReplyChannel``.
///
/// ```swift
/// RawRPC("enqueue", help: "Acknowledges, then works.") { me, channel, message in
///     await channel.ack()
///     try await me.work(on: message.body)
/// }
/// ```
///
/// If the method throws before it has answered, the request is answered with NACK. It may return without an answer
/// and keep the channel, to answer later; when the last reference to the channel goes away unanswered, the request is
/// answered with NACK, and logged.
public struct RawRPC<I: Interface>: RoutesPart {
    let route: InterfaceRoute<I>

    /// A list with this method only.
    public var routes: Routes<I> { Routes([route]) }

    /// A method that gets the whole request message.
    ///
    /// - Parameters:
    ///   - name: The method's name, without the interface's.
    ///   - raises: The types of the errors that reach callers when the method throws them.
    ///   - idempotent: Whether executing a call twice does no harm. Told to callers by `lymph inspect`; those in Swift may
    ///     then hedge it (``Hedging``).
    ///   - allow: Whom it allows to call it, besides what the policy says.
    ///   - help: What the method does, for `lymph inspect`.
    ///   - body: The method. Its arguments are in the message's body.
    public init(
        _ name: String, raises: any Error.Type..., idempotent: Bool = false, allow: Allowance = .everybody,
        help: String = "",
        _ body: @escaping @Sendable (isolated I, ReplyChannel, Message) async throws -> Void
    ) {
        let traits = MethodTraits(raises, idempotent, help, allow)
        let raises = raises
        // Begins the request where the method runs, not before it.
        let run: @Sendable (isolated I, ReplyChannel, any ServerRequest) async throws -> Void = {
            me, channel, request in
            try request.begin()
            try await body(me, channel, request.message)
        }
        route = InterfaceRoute(name: name, parameters: [], traits: traits, schema: .init(traits)) { interface in
            { request in
                let channel = ReplyChannel(for: request)
                do {
                    try await run(interface, channel, request)
                } catch {
                    await channel.fail(Answer(error, raises: raises))
                }
                return .channel()
            }
        }
    }

    /// Not for use: the compiler answers names of parameters, as ``RPC`` has them, with what to do instead.
    @available(
        *, unavailable,
        message: """
            RawRPC takes no names of parameters; the arguments are in message.body; see \
            "The compiler rejects an interface" in the article "When something goes wrong"
            """
    )
    public init(
        _ name: String, _ parameter: String, _ more: String..., raises: any Error.Type..., idempotent: Bool = false,
        allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, ReplyChannel, Message) async throws -> Void
    ) {
        self.init(name, idempotent: idempotent, allow: allow, help: help, body)
    }
}
