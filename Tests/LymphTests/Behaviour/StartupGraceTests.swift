import LymphTesting
import Testing
import ZeroMQ

@testable import Lymph

/// Calls another service while it starts, when nobody can have called it yet, and in a method.
private actor Sibling: Interface {
    let context: InterfaceContext
    private var greeting = ""

    init(context: InterfaceContext) { self.context = context }

    func start() async throws {
        guard context.configuration["calls"] == true else { return }
        greeting = try await proxy("echo").upper(text: "hello")
    }

    static let routes = Routes<Sibling> {
        RPC("greeting") { sibling in sibling.greeting }
        RPC("ask") { sibling in try await sibling.proxy("echo").upper(text: "a") as String }
    }
}

/// A registry that tells when it did not know a service.
private struct Watched: ServiceRegistry {
    let base = StaticRegistry()
    let missed = ShutdownSignal()

    func register(_ instance: ServiceInstance) async throws { try await base.register(instance) }
    func unregister(_ instance: ServiceInstance) async { await base.unregister(instance) }
    func services() async throws -> [String] { await base.services() }
    func instances(of service: String) async throws -> AsyncStream<[ServiceInstance]> {
        do { return try await base.instances(of: service) } catch {
            missed.trigger()
            throw error
        }
    }
}

extension Behaviour {
    @Suite("Services that start in any order", .timeLimit(.minutes(1)))
    struct StartupGraceTests {
        private func container(
            _ fixture: Fixture, _ registry: any ServiceRegistry, _ interface: InterfaceDefinition,
            grace: Duration = .seconds(600)
        ) throws -> ServiceContainer {
            try ServiceContainer(
                interfaces: [interface], registry: registry,
                configuration: fixture.configuration { $0.startupGrace = grace }, logger: .quiet)
        }

        @Test(
            "a container whose start() calls one that is not registered yet starts after it", arguments: Medium.allCases
        )
        func start(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                let registry = Watched()
                let first = try container(
                    fixture, registry, .init(Sibling.self, as: "sibling", configuration: ["calls": true]))
                let second = try container(fixture, registry, .init(EchoService.self, as: "echo"))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await first.run() }
                    await registry.missed.wait()
                    try await withServiceContainer(second) { _ in
                        _ = try await first.endpoint
                        let greeting: String = try await second.client.proxy("sibling").greeting()
                        #expect(greeting == "HELLO")
                    }
                    first.beginGracefulShutdown()
                    try await group.waitForAll()
                }
            }
        }

        @Test("a method that calls a service that is not registered yet answers when it is", arguments: Medium.allCases)
        func method(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                let registry = Watched()
                let first = try container(fixture, registry, .init(Sibling.self, as: "sibling"))
                let second = try container(fixture, registry, .init(EchoService.self, as: "echo"))
                try await withServiceContainer(first) { _ in
                    let answer: Task<String, any Error> = first.client.proxy("sibling").defer("ask")
                    await registry.missed.wait()
                    try await withServiceContainer(second) { _ in
                        let text = try await answer.value
                        #expect(text == "A")
                    }
                }
            }
        }

        @Test("without a grace period the container can't start", arguments: Medium.allCases)
        func none(_ medium: Medium) async throws {
            let first = try container(
                Fixture(medium), StaticRegistry(), .init(Sibling.self, as: "sibling", configuration: ["calls": true]),
                grace: .zero)
            await expect(.lookupFailure, #"no service was ever registered as "echo""#) { try await first.run() }
        }
    }
}

/// With a clock that the test sets.
@Suite("The grace period of a client", .timeLimit(.minutes(1)))
struct StartupGraceTimeTests {
    private let scheduler = ManualScheduler()

    private func start<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) -> Task<R, any Error> {
        Task(executorPreference: scheduler.executor) { try await body() }
    }

    /// Runs a client with a grace period of 10 s. `body` gets a function that makes a call and returns where its error
    /// will be.
    private func withClient(
        _ registry: StaticRegistry, _ body: ((_ timeout: Duration) -> Lock<LymphError?>) throws -> Void
    ) async throws {
        let configuration = PeerConfiguration(
            transport: .inMemory(InMemoryNetwork(drivenBy: scheduler)), startupGrace: .seconds(10))
        let client = Client(registry: registry, configuration: configuration, logger: .quiet)
        let running = start { try await client.run() }
        scheduler.run()
        var calls: [Task<Void, any Error>] = []
        try body { timeout in
            let error = Lock<LymphError?>(nil)
            calls.append(
                start {
                    do {
                        _ = try await client.proxy("echo", timeout: timeout).call("upper", text: "a")
                    } catch let failure as LymphError {
                        error.withLock { $0 = failure }
                    }
                })
            return error
        }
        client.beginGracefulShutdown()
        scheduler.advance(by: .seconds(1))
        for call in calls { try await call.value }
        try await running.value
    }

    @Test("it ends when it should, and with it the calls; later ones fail at once", arguments: [true, false])
    func end(isKnown: Bool) async throws {
        // One that is known has been registered in an earlier life of the fleet.
        let registry = isKnown ? try StaticRegistry(["echo": []]) : StaticRegistry()
        let expected =
            isKnown
            ? LymphError(.notConnected, "echo.upper: no instance of echo is running")
            : LymphError(.lookupFailure, #"no service was ever registered as "echo""#)
        try await withClient(registry) { call in
            let early = call(.seconds(30))
            scheduler.advance(by: .seconds(10) - .nanoseconds(1))
            #expect(early.withLock(\.self) == nil)
            scheduler.advance(by: .nanoseconds(1))
            #expect(early.withLock(\.self) == expected)
            // The registry is asked for nobody any more.
            scheduler.advance(by: .seconds(1))
            let late = call(.seconds(30))
            scheduler.run()
            #expect(late.withLock(\.self) == expected)
        }
    }

    @Test("no call waits longer than its timeout, and its error says for what", arguments: [true, false])
    func timeout(isKnown: Bool) async throws {
        let registry = isKnown ? try StaticRegistry(["echo": []]) : StaticRegistry()
        let reason = isKnown ? "" : #": no service was ever registered as "echo""#
        try await withClient(registry) { call in
            let call = call(.seconds(3))
            scheduler.advance(by: .seconds(3) - .nanoseconds(1))
            #expect(call.withLock(\.self) == nil)
            scheduler.advance(by: .nanoseconds(1))
            let error = call.withLock(\.self)
            #expect(error?.code == .lookupFailure)
            #expect(error?.message == "echo.upper: nobody has registered echo within 3.0 seconds" + reason)
        }
    }
}
