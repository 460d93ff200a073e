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

    init(name: String, version: Version?, configuration: Configuration, client: Client, logger: Logger) {
        var logger = logger
        logger[metadataKey: LogKey.interface] = "\(name)"
        if let version { logger[metadataKey: LogKey.version] = "\(version)" }
        storage = Storage(
            name: name, version: version, configuration: configuration, client: client, logger: logger)
    }

    /// The context of the interface that runs in this task.
    ///
    /// - Precondition: The task was started by a container, or from a task that was. A detached task has no context:
    ///   to use it there, keep it in a property of the interface (`let context: InterfaceContext`).
    public static var current: InterfaceContext {
        guard let bound = current(in: Scope.current) else {
            preconditionFailure("no interface runs in this task: store the context that init(context:) gets")
        }
        return bound
    }

    /// A logger with the interface's name and, within a request, its trace id.
    public var logger: Logger {
        guard let id = TraceContext.id else { return storage.logger }
        var logger = storage.logger
        logger[metadataKey: LogKey.traceID] = "\(id)"
        return logger
    }
}
