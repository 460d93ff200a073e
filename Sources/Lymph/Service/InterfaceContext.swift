public import Logging

/// What a container gives to an interface.
public struct InterfaceContext: Sendable {
    /// The name that the interface is reached under.
    public var name: String { storage.name }

    /// The version that it is registered with, if it has one.
    public var version: Version? { storage.version }

    /// The interface's part of the configuration: the map under its name, `class` included.
    public var configuration: Configuration { storage.configuration }

    /// The way to other services. It shares the container's sockets.
    public var client: Client { storage.client }

    // In one object: every request carries it along.
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

    /// What stands for the context in a ``Scope``.
    var scope: any AnyObject & Sendable { storage }

    /// The context that a scope has.
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
    /// - Precondition: The task was started by a container, or from a task that was. A detached task has no context: keep it
    ///   in a property of the interface (`let context: InterfaceContext`) to use it there.
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
