import Lymph
import Testing
import ZeroMQ

@testable import LymphTesting

@Suite("A simulated registry", .timeLimit(.minutes(1)))
struct SimulatedRegistryTests {
    private let scheduler = ManualScheduler(seed: 1)
    private let registry: SimulatedRegistry

    init() { registry = SimulatedRegistry(scheduler, seed: 2) }

    private func run<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) throws -> R {
        let result = Lock<Result<R, any Error>?>(nil)
        Task(executorPreference: scheduler.executor) {
            do {
                let value = try await body()
                result.withLock { $0 = .success(value) }
            } catch { result.withLock { $0 = .failure(error) } }
        }
        scheduler.advance(by: .seconds(10))
        return try #require(result.withLock { $0 }).get()
    }

    private func instance() throws -> ServiceInstance {
        ServiceInstance(service: "echo", endpoint: try Endpoint(validating: "tcp://127.0.0.1:4100"), id: "1")
    }

    @Test("what is registered is found, until it is withdrawn")
    func found() throws {
        let (session, other) = (RegistrySession(registry), RegistrySession(registry))
        let instance = try instance()
        #expect(throws: RegistryError.self) { try run { try await other.instances(of: "echo") } }
        try run { try await session.register(instance) }
        #expect(try run { try await other.services() } == ["echo"])
        try run { await session.unregister(instance) }
        #expect(try run { try await other.services() } == [])
    }

    @Test("a lost session takes its instances with it, and brings them back")
    func expiry() throws {
        let session = RegistrySession(registry)
        let instance = try instance()
        try run { try await session.register(instance) }
        session.expire(for: .seconds(15))
        #expect(registry.names == [])
        scheduler.advance(by: .seconds(15))
        #expect(registry.names == ["echo"])
    }

    @Test("the dead are remembered for a while, and then for ever forgotten")
    func death() throws {
        let session = RegistrySession(registry)
        let instance = try instance()
        try run { try await session.register(instance) }
        session.expire(for: .seconds(2))
        session.die()
        try run { try await session.register(instance) }
        scheduler.advance(by: .seconds(60))
        #expect(registry.names == [])
    }
}
