import Logging
import Testing

@testable import Lymph

/// The transport of a test; the same expectations hold for each.
enum Medium: CaseIterable, Sendable, CustomTestStringConvertible {
    case zeroMQ, inMemory

    var testDescription: String {
        switch self {
        case .zeroMQ: "ØMQ"
        case .inMemory: "in memory"
        }
    }
}

/// A container, a client, and the network between them.
struct Fixture: Sendable {
    let medium: Medium
    let network = InMemoryNetwork()
    let registry = StaticRegistry()

    init(_ medium: Medium) { self.medium = medium }

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

/// Runs `body` with an echo service and a client of it.
func withEcho<R: Sendable>(
    _ medium: Medium, interfaces: [InterfaceDefinition] = [.init(EchoService.self, as: "echo")],
    server: (inout PeerConfiguration) -> Void = { _ in },
    _ body: (Client, ServiceContainer) async throws -> R
) async throws -> R {
    let fixture = Fixture(medium)
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

/// Waits until a condition becomes true, within a generous time.
func eventually(
    within time: Duration = .seconds(10), _ condition: () async throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let end = ContinuousClock.now + time
    while try await !condition() {
        guard ContinuousClock.now < end else {
            Issue.record("it did not become true within \(time)", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}
