public import Logging

/// What a container gives an interface.
public struct InterfaceContext: Sendable {
    /// The name under which the interface is reached.
    public var name: String { storage.name }

    /// The version under which it is registered, if any.
    public var version: Version? { storage.version }

    /// The interface's section of the configuration: the map under its name, including `class`.
    public var configuration: Configuration { storage.configuration }

    /// A client for other services. It shares the container's sockets.
    public var client: Client { storage.client }

    // One object, because every request carries it along.
    private final class Storage: Sendable {
        let name: String
        let version: Version?
        let configuration: Configuration
        let client: Client
        let logger: Logger

        init(name: String, version: Version?, configuration: Configuration, client: Client, logger: Logger) {
            self.name = name
            self.version = version
            self.configuration = configuration
            self.client = client
            self.logger = logger
        }
    }

    private let storage: Storage

    private init(_ storage: Storage) { self.storage = storage }

    /// What represents the context in a ``Scope``.
    var scope: any AnyObject & Sendable { storage }

    /// The context of a scope.
    static func current(in scope: Scope?) -> InterfaceContext? {
        (scope?.interface as? Storage).map { InterfaceContext($0) }
    }

    /// Creates a context by hand, for unit tests of an interface outside of a container.
    ///
    /// ```swift
    /// let client = Client.fake { call in
    ///     guard call.subject == "inventory.reserve" else { throw RemoteError(type: "Unexpected") }
    ///     return true
    /// }
    /// let context = InterfaceContext(name: "orders", configuration: ["max_lines": 3], client: client)
    /// let orders = try OrdersService(context: context)
    /// ```
    ///
    /// - Parameters:
    ///   - name: The name under which the interface is reached.
    ///   - version: The version, if any.
    ///   - configuration: The interface's section of the configuration.
    ///   - client: The client for other services. By default, each of its calls fails at once.
    ///   - logger: The logger; the name and the version are added to its metadata.
    public init(
        name: String, version: Version? = nil, configuration: Configuration = [:], client: Client = .disconnected,
        logger: Logger = .current
    ) {
        var logger = logger
        logger[metadataKey: LogKey.interface] = "\(name)"
        if let version { logger[metadataKey: LogKey.version] = "\(version)" }
        storage = Storage(
            name: name, version: version, configuration: configuration, client: client, logger: logger)
    }

    /// The context of the interface that runs in this task: in what a container calls, and in the child tasks and
    /// `Task {}`s that it starts. Elsewhere, in a detached task for example, one with the name `interface` and a client
    /// whose calls fail: keep the context in a property of the interface to use it there.
    public static var current: InterfaceContext {
        current(in: Scope.current) ?? InterfaceContext(name: "interface")
    }

    /// A logger with the interface's name and, within a request, its trace id.
    public var logger: Logger {
        guard let id = TraceContext.id else { return storage.logger }
        var logger = storage.logger
        logger[metadataKey: LogKey.traceID] = "\(id)"
        return logger
    }
}
