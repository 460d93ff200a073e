public import Logging
public import MessagePack

/// A set of methods that others can call, under a configured name.
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
/// The container makes one instance for each name and version under which the interface is configured. An actor
/// without state to set up needs no initialiser. One that wants to keep its ``InterfaceContext`` declares
/// `let context: InterfaceContext` and `init(context:)`. For others, `context` works while the container creates,
/// starts, calls or stops them, and in the child tasks and `Task {}`s that they start then.
public protocol Interface: Actor {
    /// The methods.
    static var routes: Routes<Self> { get }

    /// Creates the interface with what the container gives it.
    ///
    /// The default calls ``init()-swift.requirement``.
    init(context: InterfaceContext) throws

    /// Creates the interface. The default throws: an actor whose initialisers need other arguments, even ones with
    /// default values, must implement ``init(context:)``.
    init() throws

    /// What the container gives the interface: name, logger, configuration, and a client for other services.
    nonisolated var context: InterfaceContext { get }

    /// Called before the interface is registered and receives requests. Asynchronous setup belongs here.
    ///
    /// Its task is cancelled if the container is shut down in the meantime; the interface then counts as not started,
    /// whatever this throws.
    ///
    /// - Throws: Any error; it ends the container.
    func start() async throws

    /// Called after the last request has been answered, if ``start()`` returned.
    func stop() async
}

extension Interface {
    /// Creates the interface without its context.
    public init(context: InterfaceContext) throws {
        try self.init()
    }

    /// Throws: the type has no initialiser that a container can call.
    public init() throws {
        let name =
            InterfaceContext.current(in: Scope.current).map { context in
                "interface \(VersionedName(context.name, context.version)) (\(Self.self))"
            } ?? "\(Self.self)"
        throw LymphError(
            .configuration,
            "\(name): it can't be created, because it has neither init() nor init(context:); default arguments don't count"
        )
    }

    /// The context in which the interface is being created, started, called or stopped.
    public nonisolated var context: InterfaceContext { .current }

    /// Does nothing by default.
    public func start() async throws {}

    /// Does nothing by default.
    public func stop() async {}

    /// The name under which the interface is reached.
    public nonisolated var name: String { context.name }

    /// A logger with the interface's name and, within a request, its trace id.
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
