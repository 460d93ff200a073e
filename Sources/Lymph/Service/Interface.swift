public import Logging
public import MessagePack

/// A set of methods that others can call, under a configured name.
///
/// ```swift
/// actor EchoService: Interface {
///     func upper(_ text: String) -> String { text.uppercased() }
///
///     static var routes: Routes<EchoService> {
///         RPC("upper", "text", help: "Returns `text` in upper case.") { echo, text in echo.upper(text) }
///     }
/// }
/// ```
///
/// The container makes one instance for each name and version under which the interface is configured. An actor
/// without state to set up needs no initialiser. One that wants to keep its ``InterfaceContext`` declares
/// `let context: InterfaceContext` and `init(context:)`. For others, `context` works while the container creates,
/// starts, calls or stops them, and in the child tasks and `Task {}`s that they start then. What an interface needs
/// besides, a database for example, is passed to its initialiser by a closure; see ``InterfaceDefinition``.
public protocol Interface: Actor {
    /// The methods.
    @RoutesBuilder<Self> static var routes: Routes<Self> { get }

    /// The methods, if they depend on the instance: on its configuration, for example. By default, those of the type.
    ///
    /// It is read once, when the container has created the interface.
    @RoutesBuilder<Self> nonisolated var routes: Routes<Self> { get }

    /// Creates the interface with what the container gives it. If it isn't implemented, the container calls
    /// ``init()``.
    init(context: InterfaceContext) throws

    /// Creates the interface. The default throws: an actor whose initialisers need other arguments, even ones with
    /// default values, must implement ``init(context:)`` or be made by a closure; see ``InterfaceDefinition``.
    init() throws

    /// What the container gives the interface: name, logger, configuration, and a client for other services.
    ///
    /// Outside of a container, in a unit test for example, the name is the default, the configuration is empty, and
    /// every call of the client fails at once. To choose them there, make an ``InterfaceContext``.
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

/// The error of an initialiser that a type does not implement. The defaults don't call each other: an actor's own
/// initialiser that delegates to one of them can't end up calling itself.
struct MissingInitializer: Error, CustomStringConvertible {
    let description: String

    init(_ type: any Interface.Type, _ initializer: String) { description = "\(type) has no \(initializer)" }
}

extension Interface {
    /// No methods: the interface has to declare them for its type or for its instances.
    public static var routes: Routes<Self> { .undeclared }

    /// The methods of the type.
    public nonisolated var routes: Routes<Self> { Self.routes }

    /// Throws: the type does not implement it.
    public init(context: InterfaceContext) throws { throw MissingInitializer(Self.self, "init(context:)") }

    /// Throws: the type does not implement it.
    public init() throws { throw MissingInitializer(Self.self, "init()") }

    /// The context in which the interface is being created, started, called or stopped. Outside of that, one whose
    /// name is the type's.
    public nonisolated var context: InterfaceContext {
        InterfaceContext.current(in: Scope.current) ?? InterfaceContext(name: Self.defaultName)
    }

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
