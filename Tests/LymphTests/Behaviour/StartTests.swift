import Testing
import ZeroMQ

@testable import Lymph

/// Waits in its start until its task is cancelled.
private actor Patient: Interface {
    static let events = Lock<[String]>([])
    let context: InterfaceContext

    init(context: InterfaceContext) { self.context = context }

    private func record(_ event: String) { Self.events.withLock { $0.append("\(event) \(name)") } }

    func start() async throws {
        record("start")
        guard context.configuration["waits"] == true else { return }
        do { try await Task.sleep(for: .seconds(600)) } catch {
            record("cancelled")
            // Its own error, which a stopped container ignores.
            throw DivisionByZero()
        }
    }

    func stop() async { record("stop") }

    static let routes = Routes<Patient> {}
}

/// A registry whose answers never come.
private struct Silent: ServiceRegistry {
    let asked = ShutdownSignal()

    func register(_ instance: ServiceInstance) async throws {
        asked.trigger()
        try await Task.sleep(for: .seconds(600))
    }
    func unregister(_ instance: ServiceInstance) async {}
    func services() async throws -> [String] { [] }
    func instances(of service: String) async throws -> AsyncStream<[ServiceInstance]> { .init { _ in } }
}

extension Behaviour {
    @Suite("Containers that are stopped while they start", .timeLimit(.minutes(1)), .serialized)
    struct StartTests {
        init() { Patient.events.withLock { $0 = [] } }

        @Test("start() is cancelled, what has started is stopped, and nothing is thrown")
        func starting() async throws {
            let container = try Fixture(.inMemory).container([
                .init(Patient.self, as: "a"), .init(Patient.self, as: "b", configuration: ["waits": true]),
                .init(Patient.self, as: "c"),
            ]) { $0.drainDelay = .seconds(600) }
            let running = Task { try await container.run() }
            try await eventually { Patient.events.withLock { $0.contains("start b") } }
            #expect(container.progress.obstacle.contains("start() of the interface b (Patient)"))
            container.beginGracefulShutdown()
            try await running.value
            #expect(Patient.events.withLock(\.self) == ["start a", "start b", "cancelled b", "stop a"])
            await expect(.stopped) { _ = try await container.endpoint }
        }

        @Test("a stop before the start counts")
        func before() async throws {
            let container = try Fixture(.inMemory).container([
                .init(Patient.self, as: "a", configuration: ["waits": true])
            ])
            container.beginGracefulShutdown()
            try await container.run()
        }

        @Test("a registry that does not answer does not delay the stop")
        func registering() async throws {
            let registry = Silent()
            let container = try ServiceContainer(
                interfaces: [.init(Patient.self, as: "a")], registry: registry,
                configuration: Fixture(.inMemory).configuration(), logger: .quiet)
            let running = Task { try await container.run() }
            await registry.asked.wait()
            #expect(container.progress.phase == .publishing)
            container.beginGracefulShutdown()
            try await running.value
            #expect(Patient.events.withLock(\.self) == ["start a", "stop a"])
        }

        @Test("cancelling run() cancels start(), whose error is thrown")
        func cancelled() async throws {
            let container = try Fixture(.inMemory).container([
                .init(Patient.self, as: "a", configuration: ["waits": true])
            ])
            let running = Task { try await container.run() }
            try await eventually { Patient.events.withLock { $0.contains("start a") } }
            running.cancel()
            await #expect(throws: DivisionByZero.self) { try await running.value }
            #expect(container.progress.failedInterface == "a (Patient)")
        }
    }
}
