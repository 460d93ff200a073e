public import Logging
public import Lymph
public import ServiceLifecycle

/// Where a ``ServiceCommand`` makes what its interfaces share; see ``ServiceCommand/prepare(_:)``.
public struct ServiceSetup: Sendable {
    /// The whole configuration of the process, with variables replaced. Sections that lymph does not know belong to the
    /// program: `setup.configuration.get("database.path", as: String.self)`.
    public let configuration: Configuration

    /// The client for other services, which the interfaces have, too. It works from before the services and functions
    /// beside the container start until they have ended; calls made earlier wait for that, within their timeout.
    public let client: Client

    /// The logger of the process.
    public let logger: Logger

    private(set) var services: [any Service] = []
    private var makers: [(type: any Interface.Type, define: @Sendable (InterfaceDefinition) -> InterfaceDefinition)] =
        []

    init(configuration: Configuration, client: Client, logger: Logger) {
        self.configuration = configuration
        self.client = client
        self.logger = logger
    }

    /// Runs a service beside the container, from before the interfaces are created until they have stopped. Those that
    /// are added later stop earlier.
    ///
    /// If it throws, the program drains and ends with that error. One that returns has done its work.
    ///
    /// - Parameter service: Anything with a `run()`, in the sense of swift-service-lifecycle: it has to return when it
    ///   is shut down gracefully.
    public mutating func run(_ service: any Service) { services.append(service) }

    /// Runs a function beside the container, like a service: a background loop, for example. It is cancelled when the
    /// interfaces have stopped. If it returns, the program goes on; if it throws, the program stops with that error.
    ///
    /// ```swift
    /// setup.run { [client = setup.client] in
    ///     while true {
    ///         try await client.proxy("inventory").restock()
    ///         try await Task.sleep(for: .seconds(60))
    ///     }
    /// }
    /// ```
    public mutating func run(_ body: @escaping @Sendable () async throws -> Void) {
        services.append(BackgroundTask(body: body))
    }

    /// Says how the interfaces of a type are made, in place of ``/Lymph/Interface/init(context:)``.
    ///
    /// - Parameters:
    ///   - type: One of the types in ``ServiceCommand/interfaces``.
    ///   - make: Makes an interface. Called for each name and version under which the type is configured. If it is given
    ///     twice for a type, the last one counts.
    public mutating func make<I: Interface>(
        _ type: I.Type, _ make: @escaping @Sendable (InterfaceContext) async throws -> I
    ) {
        makers.append(
            (
                type,
                { InterfaceDefinition(as: $0.name, version: $0.version, configuration: $0.configuration, make) }
            ))
    }

    /// The definitions of a configuration, made as the program wants them.
    ///
    /// - Throws: ``/Lymph/LymphError`` with code `configuration` for a type that the program does not list.
    func define(
        _ definitions: [InterfaceDefinition], of types: [any Interface.Type]
    ) throws(LymphError) -> [InterfaceDefinition] {
        for maker in makers where !types.contains(where: { $0 == maker.type }) {
            throw LymphError(.configuration, "prepare makes \(maker.type), which interfaces does not list")
        }
        return definitions.map { definition in
            makers.last { $0.type == definition.type }?.define(definition) ?? definition
        }
    }
}

/// A function as a service that ends when it is told to.
private struct BackgroundTask: Service {
    let body: @Sendable () async throws -> Void

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            // Its cancellation is the end that it was told to make.
            do {
                try await body()
            } catch is CancellationError where Task.isCancelled {
            } catch {
                throw BackgroundFailure(cause: error)
            }
        }
    }
}

/// The error of a function that runs beside the container.
struct BackgroundFailure: Error {
    let cause: any Error
}
