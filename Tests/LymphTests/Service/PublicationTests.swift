import LymphTesting
import Testing
import ZeroMQ

@testable import Lymph

@Suite("The entries of a container in the registry", .timeLimit(.minutes(1)))
struct PublicationTests {
    private let definitions: [InterfaceDefinition] = [
        .init(StubInterface.self, as: "echo", version: "1.5.0"),
        .init(StubInterface.self, as: "echo", version: "2.0.0"),
        .init(StubInterface.self, as: "other"),
    ]

    private func present(_ service: String, in registry: StaticRegistry) async throws -> [ServiceInstance] {
        var iterator = try await registry.instances(of: service).makeAsyncIterator()
        return try #require(await iterator.next())
    }

    @Test("there is one entry for each interface and version, and one for lymph, until the withdrawal")
    func entries() async throws {
        let registry = StaticRegistry()
        let endpoint = Endpoint.number(1)
        let publication = Publication(
            of: definitions, at: endpoint, logEndpoint: "tcp://127.0.0.1:5000", in: registry)
        #expect(await registry.services() == [])
        try await publication.publish()
        #expect(await registry.services() == ["echo", "lymph", "other"])
        let echo = try await present("echo", in: registry)
        #expect(Set(echo.map(\.version)) == ["1.5.0", "2.0.0"])
        let all = try await echo + present("lymph", in: registry) + present("other", in: registry)
        #expect(all.count == 4)
        #expect(Set(all.map(\.id)).count == 4)
        #expect(all.allSatisfy { $0.endpoint == endpoint && $0.identity == publication.identity })
        #expect(all.allSatisfy { $0.ip == endpoint.host && $0.hostname == $0.fqdn && !$0.isWorker })
        #expect(all.allSatisfy { $0.logEndpoint == "tcp://127.0.0.1:5000" })
        #expect(all.filter { $0.version == nil }.map(\.service).sorted() == ["lymph", "other"])
        await publication.withdraw(on: ManualScheduler().makeLoop())
        #expect(await registry.services() == [])
        #expect(try await present("echo", in: registry).isEmpty)
    }

    @Test("two publications share nothing")
    func identities() {
        let registry = StaticRegistry()
        let publications = (0..<2).map { _ in Publication(of: definitions, at: .number(1), in: registry) }
        #expect(publications[0].identity != publications[1].identity)
        #expect(publications[0].identity.utf8.count == 32)
    }

    /// A registry that refuses everything.
    private struct Full: ServiceRegistry {
        let error: any Error & Sendable

        func register(_ instance: ServiceInstance) async throws { throw error }
        func unregister(_ instance: ServiceInstance) async {}
        func services() async throws -> [String] { [] }
        func instances(of service: String) async throws -> AsyncStream<[ServiceInstance]> { throw error }
    }

    /// A registry that never answers.
    private struct Silent: ServiceRegistry {
        let scheduler: ManualScheduler

        func register(_ instance: ServiceInstance) async throws {}
        func unregister(_ instance: ServiceInstance) async { try? await scheduler.sleep(for: .seconds(600)) }
        func services() async throws -> [String] { [] }
        func instances(of service: String) async throws -> AsyncStream<[ServiceInstance]> { AsyncStream { _ in } }
    }

    @Test("a registry that does not answer delays the end only for a limited time")
    func silent() async {
        let (scheduler, isOver) = (ManualScheduler(), Lock(false))
        let publication = Publication(of: definitions, at: .number(1), in: Silent(scheduler: scheduler))
        let withdrawal = Task(executorPreference: scheduler.executor) {
            await publication.withdraw(within: .seconds(3), on: scheduler.makeLoop())
            isOver.withLock { $0 = true }
        }
        scheduler.advance(by: .seconds(3) - .nanoseconds(1))
        #expect(isOver.withLock(\.self) == false)
        scheduler.advance(by: .nanoseconds(1))
        #expect(isOver.withLock(\.self) == true)
        await withdrawal.value
    }

    /// A registry that answers once it was asked for a number of entries.
    private struct Slow: ServiceRegistry {
        let count: Int
        let asked = Lock(0)
        let all = Gate<Void>()

        func register(_ instance: ServiceInstance) async throws {}
        func unregister(_ instance: ServiceInstance) async {
            let isLast = asked.withLock { asked in
                asked += 1
                return asked == count
            }
            if isLast { all.open(.success(())) }
            try? await all.value()
        }
        func services() async throws -> [String] { [] }
        func instances(of service: String) async throws -> AsyncStream<[ServiceInstance]> { AsyncStream { _ in } }
    }

    @Test("all entries are withdrawn concurrently, so a slow registry delays the end only once")
    func slow() async {
        let registry = Slow(count: definitions.count + 1)
        await Publication(of: definitions, at: .number(1), in: registry).withdraw(
            within: .seconds(3600), on: ManualScheduler().makeLoop())
        #expect(registry.asked.withLock(\.self) == registry.count)
    }

    @Test("a refusal of the registry is an error")
    func refused() async {
        let full = Full(error: RegistryError(.invalidName, "there is no room"))
        await expect(.registrationFailure, "can't register echo: there is no room") {
            try await Publication(of: definitions, at: .number(1), in: full).publish()
        }
        let cancelled = Full(error: CancellationError())
        await expect(.registrationFailure, "can't register echo: CancellationError()") {
            try await Publication(of: definitions, at: .number(1), in: cancelled).publish()
        }
    }
}
