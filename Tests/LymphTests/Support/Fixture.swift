import Logging
import LymphTesting
import Testing
import ZeroMQ

@testable import Lymph

/// A container, a client, and the network between them.
struct Fixture: Sendable {
    let medium: Medium
    let network: InMemoryNetwork
    let registry = StaticRegistry()

    /// - Parameter network: By default one in real time.
    init(_ medium: Medium, _ network: InMemoryNetwork = InMemoryNetwork()) {
        (self.medium, self.network) = (medium, network)
    }

    func configuration(_ change: (inout PeerConfiguration) -> Void = { _ in }) -> PeerConfiguration {
        var configuration = PeerConfiguration()
        // Tests of timeouts set their own; all others should pass on a machine that stalls for a while.
        configuration.timeout = .seconds(30)
        // Who calls nobody wants to know that at once.
        configuration.startupGrace = .zero
        configuration.drainDelay = .zero
        configuration.drainTimeout = .milliseconds(100)
        if case .inMemory = medium { configuration.transport = .inMemory(network) }
        change(&configuration)
        return configuration
    }

    func container(
        _ interfaces: [InterfaceDefinition] = [.init(EchoService.self, as: "echo")],
        _ change: (inout PeerConfiguration) -> Void = { _ in }
    ) throws -> ServiceContainer {
        try ServiceContainer(
            interfaces: interfaces, registry: registry, configuration: configuration(change), logger: .quiet)
    }

    func client(_ change: (inout PeerConfiguration) -> Void = { _ in }) -> Client {
        Client(registry: registry, configuration: configuration(change), logger: .quiet)
    }
}

extension Logger {
    /// A logger for tests that provoke warnings.
    static var quiet: Logger { Logger(label: "test") { _ in SilentLogHandler() } }
}

/// Runs a test that waits for timeouts and the like: over ØMQ in real time; in memory in a virtual one, which advances
/// to what is next due as soon as nothing can run.
///
/// In memory, everything runs one piece at a time. What runs elsewhere isn't waited for: unstructured tasks have to be
/// started by ``TestTime/start(_:)``.
func withFixture<R: Sendable>(_ medium: Medium, _ body: @Sendable (Fixture) async throws -> R) async throws -> R {
    guard case .inMemory = medium else { return try await body(Fixture(medium)) }
    let scheduler = ManualScheduler()
    let driver = Task.detached { await scheduler.drive() }
    let fixture = Fixture(medium, InMemoryNetwork(drivenBy: scheduler))
    let result = await withTaskExecutorPreference(scheduler.executor) {
        scheduler.isAutomatic = true
        defer { scheduler.isAutomatic = false }
        return await TestTime.$scheduler.withValue(scheduler) { await Result { try await body(fixture) } }
    }
    await scheduler.elapse(.zero)
    driver.cancel()
    return try result.get()
}

/// Runs `body` with an echo service and a client of it.
func withEcho<R: Sendable>(
    _ fixture: Fixture, interfaces: [InterfaceDefinition] = [.init(EchoService.self, as: "echo")],
    server: (inout PeerConfiguration) -> Void = { _ in },
    _ body: (Client, ServiceContainer) async throws -> R
) async throws -> R {
    let container = try fixture.container(interfaces, server)
    return try await withServiceContainer(container) { _ in
        try await withClient(fixture.client()) { client in
            let result = try await body(client, container)
            // Whatever happened, no call may be left behind.
            #expect(await client.poller.waitingCalls == 0)
            return result
        }
    }
}

/// Runs `body` with an echo service and a client of it, in real time.
func withEcho<R: Sendable>(
    _ medium: Medium, interfaces: [InterfaceDefinition] = [.init(EchoService.self, as: "echo")],
    server: (inout PeerConfiguration) -> Void = { _ in },
    _ body: (Client, ServiceContainer) async throws -> R
) async throws -> R {
    try await withEcho(Fixture(medium), interfaces: interfaces, server: server, body)
}
