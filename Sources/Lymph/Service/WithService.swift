public import Logging

/// Runs a container while `body` runs; `body` begins when the container accepts requests.
///
/// ```swift
/// try await withServiceContainer(container) { endpoint in … }
/// ```
///
/// - Throws: What `body` or ``ServiceContainer/run()`` throws.
public func withServiceContainer<R: Sendable>(
    _ container: ServiceContainer, _ body: (Endpoint) async throws -> R
) async throws -> R {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await container.run() }
        let result = await Result(catching: { try await body(container.endpoint) })
        container.beginGracefulShutdown()
        try await group.waitForAll()
        return try result.get()
    }
}

/// Runs interfaces and a client of them while `body` runs: for scripts and tests.
///
/// ```swift
/// try await withService(.init(EchoService.self, as: "echo")) { client in
///     print(try await client.proxy("echo").upper(text: "foo"))
/// }
/// ```
///
/// The service listens on any free port of the loopback address, and only this client finds it. A call of a service
/// that is not among the interfaces fails at once: nobody else could register it.
///
/// - Parameters:
///   - interfaces: What the service serves.
///   - configuration: The settings of both service and client.
///   - logger: Where both log.
///   - body: Gets the client.
/// - Throws: What `body`, ``ServiceContainer/run()`` or ``Client/run()`` throws.
public func withService<R: Sendable>(
    _ interfaces: InterfaceDefinition..., configuration: PeerConfiguration = .init(), logger: Logger = .current,
    _ body: (Client) async throws -> R
) async throws -> R {
    let registry = StaticRegistry()
    var configuration = configuration
    configuration.startupGrace = .zero
    let container = try ServiceContainer(
        interfaces: interfaces, registry: registry, configuration: configuration, logger: logger)
    return try await withServiceContainer(container) { _ in
        // The service has the configured port, if there is one.
        var settings = configuration
        settings.port = 0
        return try await withClient(Client(registry: registry, configuration: settings, logger: logger), body)
    }
}
