public import Logging
public import MessagePack

/// A set of methods that others can call, reachable under the name that it is configured with.
///
/// ```swift
/// actor EchoService: Interface {
///     func upper(_ text: String) -> String { text.uppercased() }
///
///     static let routes = Routes<EchoService> {
///         RPC("upper", "text", help: "Returns `text` in upper case.") { echo, text in echo.upper(text) }
///     }
/// }
/// ```
///
/// The container makes one instance for each name and version under which the interface is configured. An actor without state
/// to set up needs no initialiser. One that wants to keep its ``InterfaceContext`` declares
/// `let context: InterfaceContext` and `init(context:)`; for others the context is at hand while the container
/// creates, starts, calls or stops them, and in the tasks that they start then.
public protocol Interface: Actor {
    /// The methods.
    static var routes: Routes<Self> { get }

    /// Creates the interface with what the container gives it.
    ///
    /// The default calls ``init()-swift.requirement``.
    init(context: InterfaceContext) throws

    /// Creates the interface. The default throws: an actor whose initialisers need other arguments, even if they have defaults, is
    /// made by ``init(context:)`` of its own.
    init() throws

    /// What the container gives to the interface: its name, its logger, its way to other services.
    nonisolated var context: InterfaceContext { get }

    /// Called before the interface is registered and receives requests. Asynchronous set-up belongs here.
    ///
    /// Its task is cancelled when the container is shut down meanwhile; then it counts as not started, whatever it throws.
    ///
    /// - Throws: Any error; it ends the container.
    func start() async throws

    /// Called after the last request is answered, if ``start()`` has returned.
    func stop() async
}

extension Interface {
    /// Creates the interface without its context.
    public init(context: InterfaceContext) throws {
        try self.init()
    }

    /// Throws: the type has no initialiser that a container could call.
    public init() throws {
        let name =
            InterfaceContext.current(in: Scope.current).map { context in
                "interface \(VersionedName(context.name, context.version)) (\(Self.self))"
            } ?? "\(Self.self)"
        throw LymphError(
            .configuration,
            "\(name): it can't be created, as it has neither init() nor init(context:); default values of arguments don't count"
        )
    }

    /// The context in which the interface is being created, started, called or stopped.
    public nonisolated var context: InterfaceContext { .current }

    /// Does nothing.
    public func start() async throws {}

    /// Does nothing.
    public func stop() async {}

    /// The name that the interface is reached under.
    public nonisolated var name: String { context.name }

    /// A logger that says which interface and, within a request, which trace a line belongs to.
    public nonisolated var logger: Logger { context.logger }

    /// The methods of another service. See ``Client/proxy(_:interface:version:timeout:errors:)``.
    public nonisolated func proxy(
        _ address: String, interface: String? = nil, version: String? = nil, timeout: Duration? = nil,
        errors: ErrorMap = [:]
    ) -> Proxy {
        context.client.proxy(address, interface: interface, version: version, timeout: timeout, errors: errors)
    }

    /// Sends a request to another service. See ``Client/request(_:_:_:version:timeout:headers:)``.
    public nonisolated func request(
        _ address: String, _ subject: String, _ body: some Encodable & Sendable, version: String? = nil,
        timeout: Duration? = nil, headers: [String: Value] = [:]
    ) async throws -> Message {
        try await context.client.request(
            address, subject, body, version: version, timeout: timeout, headers: headers)
    }
}
