public import MessagePack

extension Peer {
    /// Who called the method that the current task works for; see ``Request/current``.
    public static var current: Peer? { Request.current?.peer }
}

/// A request to a method of this service, as interceptors and methods see it.
///
/// ```swift
/// RPC("place", "lines") { (orders, lines: [Line]) in
///     guard let tenant = Request.current?.headers["tenant"]?.stringValue else {
///         throw Refusal(.unauthorized, "the header tenant is missing")
///     }
///     return try await orders.place(lines, for: tenant)
/// }
/// ```
public struct Request: Sendable {
    private let request: any ServerRequest

    init(_ request: any ServerRequest) { self.request = request }

    /// The request that the current task works for: within a method, in the child tasks and `Task {}`s that it starts,
    /// and in interceptors. Nil elsewhere, and in detached tasks.
    ///
    /// A task that outlives the method keeps the request, with its arguments, in memory.
    public static var current: Request? {
        (Scope.current?.request as? any ServerRequest).map(Request.init)
    }

    /// The whole request, with its headers and its arguments.
    public var message: Message { request.message }

    /// The method, as `interface.method`.
    public var subject: String { message.subject }

    /// The headers that the caller sent. Each access by name decodes all of them.
    public var headers: Headers { message.headers }

    /// Who called: the sender, as the transport knows it.
    public var peer: Peer { request.peer }

    /// The id of the trace that the request belongs to.
    public var traceID: String { request.trace.text }

    /// The version that the caller asked for; nil if any will do.
    public var version: Version? {
        guard case .exact(let version) = message.headers.version else { return nil }
        return version
    }

    /// Whether the method belongs to the interface `lymph`, which every service has.
    public var isBuiltin: Bool { BuiltinInterface.isSubject(subject) }

    /// Adds a header to the answer, whatever it will be. A raw method's answers have it from then on; the headers that
    /// were added to its ``ReplyChannel`` are the same ones.
    ///
    /// Headers of the framework can't be replaced. It is without effect after the answer.
    ///
    /// - Throws: `MessagePackError` if the value can't be encoded or the name is not allowed; nothing is added then.
    public func setReplyHeader(_ name: String, _ value: Value) throws {
        try request.replyHeaders.set(name, value)
    }
}
