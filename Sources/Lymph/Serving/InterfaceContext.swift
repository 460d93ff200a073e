public import Logging

/// What a container gives to an interface.
public struct InterfaceContext: Sendable {
    /// The name that the interface is reached under.
    public let name: String

    /// The version that it is registered with, if it has one.
    public let version: Version?

    /// The interface's part of the configuration: the map under its name, `class` included.
    public let configuration: Configuration

    /// The way to other services. It shares the container's sockets.
    public let client: Client

    private let baseLogger: Logger

    @TaskLocal static var bound: InterfaceContext?

    init(name: String, version: Version?, configuration: Configuration, client: Client, logger: Logger) {
        self.name = name
        self.version = version
        self.configuration = configuration
        self.client = client
        var logger = logger
        logger[metadataKey: LogKey.interface] = "\(name)"
        if let version { logger[metadataKey: LogKey.version] = "\(version)" }
        baseLogger = logger
    }

    /// The context of the interface that runs in this task.
    ///
    /// - Precondition: The task was started by a container, or from a task that was. A detached task has no context: keep it
    ///   in a property of the interface (`let context: InterfaceContext`) to use it there.
    public static var current: InterfaceContext {
        guard let bound else {
            preconditionFailure("no interface runs in this task: store the context that init(context:) gets")
        }
        return bound
    }

    /// A logger with the interface's name and, within a request, its trace id.
    public var logger: Logger {
        guard let id = TraceContext.id else { return baseLogger }
        var logger = baseLogger
        logger[metadataKey: LogKey.traceID] = "\(id)"
        return logger
    }
}
