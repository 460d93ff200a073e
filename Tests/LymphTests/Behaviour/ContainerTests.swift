import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

/// Records what happens to it.
private actor Recorder: Interface {
    static let events = Lock<[String]>([])

    static func record(_ event: String) { events.withLock { $0.append(event) } }

    static func take() -> [String] {
        events.withLock { events in
            defer { events = [] }
            return events
        }
    }

    let context: InterfaceContext

    init(context: InterfaceContext) throws {
        if context.configuration["fails"] == "init" { throw DivisionByZero() }
        self.context = context
        Self.record("init \(context.name)")
    }

    func start() async throws {
        if context.configuration["fails"] == "start" { throw DivisionByZero() }
        Self.record("start \(name)")
    }

    func stop() async { Self.record("stop \(name)") }

    static let routes = Routes<Recorder> {
        RPC("sleep", "seconds") { (me, seconds: Double) in
            record("begin \(me.name)")
            do {
                try await me.context.sleep(for: .seconds(seconds))
                record("end \(me.name)")
            } catch {
                record("cancelled \(me.name)")
                throw error
            }
        }
        RPC("trace") { me in TraceContext.id }
        RPC("call_trace") { (me) async throws -> String? in try await me.proxy(me.name).call("trace") }
        RPC("whoami") { me in me.context.name + (me.context.version.map { "@\($0)" } ?? "") }
    }
}

/// A registry that refuses one name.
private struct Refusing: ServiceRegistry {
    let base = StaticRegistry()
    let name: String

    func register(_ instance: ServiceInstance) async throws {
        if instance.service == name { throw RegistryError(.registrationFailure, "no room") }
        try await base.register(instance)
    }

    func unregister(_ instance: ServiceInstance) async { await base.unregister(instance) }
    func services() async throws -> [String] { await base.services() }
    func instances(of service: String) async throws -> AsyncStream<[ServiceInstance]> {
        try await base.instances(of: service)
    }
}

extension Behaviour {
    @Suite("Containers", .timeLimit(.minutes(1)), .serialized)
    struct ContainerTests {
        init() { _ = Recorder.take() }

        @Test("interfaces are created, started and stopped in order", arguments: Medium.allCases)
        func lifecycle(_ medium: Medium) async throws {
            let interfaces: [InterfaceDefinition] = [.init(Recorder.self, as: "a"), .init(Recorder.self, as: "b")]
            try await withEcho(medium, interfaces: interfaces) { client, _ in
                let services = try await client.registry.services()
                #expect(services == ["a", "b", "lymph"])
            }
            #expect(Recorder.take() == ["init a", "init b", "start a", "start b", "stop b", "stop a"])
        }

        @Test(
            "an interface that fails to start ends the container, and those that started are stopped",
            arguments: ["init", "start"])
        func failure(place: String) async throws {
            let fixture = Fixture(.inMemory)
            let container = try fixture.container([
                .init(Recorder.self, as: "a"),
                .init(Recorder.self, as: "b", configuration: ["fails": "\(place)"]),
            ])
            await #expect(throws: DivisionByZero.self) { try await container.run() }
            await #expect(throws: DivisionByZero.self) { _ = try await container.endpoint }
            #expect(Recorder.take() == (place == "init" ? ["init a"] : ["init a", "init b", "start a", "stop a"]))
            #expect(await fixture.registry.services() == [])
        }

        @Test("a refused registration ends the container, and the others are withdrawn")
        func registrationFailure() async throws {
            let registry = Refusing(name: "b")
            let container = try ServiceContainer(
                interfaces: [.init(Recorder.self, as: "a"), .init(Recorder.self, as: "b")], registry: registry,
                configuration: Fixture(.inMemory).configuration(), logger: .quiet)
            await expect(.registrationFailure, "can't register b: no room") { try await container.run() }
            let services = try await registry.services()
            #expect(services == [])
            #expect(Recorder.take().suffix(2) == ["stop b", "stop a"])
        }

        @Test("a port that is taken is an error")
        func bindFailure() async throws {
            let fixture = Fixture(.zeroMQ)
            try await withServiceContainer(fixture.container()) { endpoint in
                let other = try fixture.container { $0.port = endpoint.port }
                await expect(.bindFailure, "port \(endpoint.port)") { try await other.run() }
                let nowhere = try fixture.container { ($0.ip, $0.security) = ("192.0.2.1", .off) }
                await expect(.bindFailure, "192.0.2.1") { try await nowhere.run() }
                let nonsense = try fixture.container { $0.ip = "nonsense" }
                await expect(.bindFailure, "nonsense") { try await nonsense.run() }
            }
        }

        @Test(
            "a drain finishes running requests and refuses new ones, and callers see no failure",
            arguments: Medium.allCases)
        func drain(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                let container = try fixture.container([.init(Recorder.self, as: "a")]) {
                    $0.drainTimeout = .seconds(20)
                }
                try await withClient(fixture.client()) { client in
                    let running = TestTime.start { try await container.run() }
                    let address = try await container.endpoint.description
                    let call = client.proxy("a").defer("sleep", seconds: 0.5)
                    try await eventually { await container.client.poller.runningRequests == 1 }
                    container.beginGracefulShutdown()
                    container.beginGracefulShutdown()
                    // It leaves the registry first, then refuses.
                    try await eventually { await fixture.registry.services().isEmpty }
                    try await eventually {
                        do {
                            try await client.proxy(address, interface: "a").call("whoami")
                            return false
                        } catch let error as LymphError {
                            return error.reason == .draining
                        }
                    }
                    _ = try await call.value
                    try await running.value
                    #expect(Recorder.take().suffix(2) == ["end a", "stop a"])
                    await expect(.notConnected) { try await client.proxy("a").call("whoami") }
                }
            }
        }

        /// Runs `body` while a container has a request that takes two hours.
        private func withBusyContainer(
            _ medium: Medium, _ change: @Sendable (inout PeerConfiguration) -> Void,
            _ body:
                @Sendable (
                    _ container: ServiceContainer, _ running: Task<Void, any Error>, _ call: Task<Value, any Error>
                ) async throws -> Void
        ) async throws {
            try await withFixture(medium) { fixture in
                let container = try fixture.container([.init(Recorder.self, as: "a")], change)
                try await withClient(fixture.client()) { client in
                    let running = TestTime.start { try await container.run() }
                    _ = try await container.endpoint
                    let call = client.proxy("a", timeout: .seconds(10_000)).defer("sleep", seconds: 7200)
                    try await eventually { await container.client.poller.runningRequests == 1 }
                    try await body(container, running, call)
                }
            }
        }

        @Test("handlers that take too long are cancelled, and awaited", arguments: Medium.allCases)
        func drainTimeout(_ medium: Medium) async throws {
            try await withBusyContainer(medium, { $0.drainTimeout = .milliseconds(50) }) { container, running, call in
                container.beginGracefulShutdown()
                try await within(.milliseconds(50)) { try await running.value }
                #expect(Recorder.take().suffix(2) == ["cancelled a", "stop a"])
                await expect(.nack) { try await call.value }
            }
        }

        @Test("cancelling run() skips all waiting", arguments: Medium.allCases)
        func cancelled(_ medium: Medium) async throws {
            let patience = Duration.seconds(3600)
            try await withBusyContainer(medium, { ($0.drainDelay, $0.drainTimeout) = (patience, patience) }) {
                _, running, call in
                running.cancel()
                _ = await within(.zero) { await running.result }
                #expect(Recorder.take().suffix(2) == ["cancelled a", "stop a"])
                await finish(call)
            }
        }

        @Test("calls within a request carry its trace; each interface knows its own name", arguments: Medium.allCases)
        func context(_ medium: Medium) async throws {
            let interfaces: [InterfaceDefinition] = [
                .init(Recorder.self, as: "a"), .init(Recorder.self, as: "b", version: "1.2.3"),
            ]
            try await withEcho(medium, interfaces: interfaces) { client, _ in
                let id = "0123456789abcdef0123456789abcdef"
                let seen: String = try await TraceContext.with(id: id) {
                    try await client.proxy("a").call("call_trace")
                }
                #expect(seen == id)
                #expect(TraceContext.id == nil)
                let names: [String] = try await [
                    client.proxy("a").call("whoami"), client.proxy("b").call("whoami"),
                    client.proxy("b", version: "1.1").call("whoami"), client.proxy("b@1").call("whoami"),
                ]
                #expect(names == ["a", "b@1.2.3", "b@1.2.3", "b@1.2.3"])
                await expect(.notConnected, "there are 1.2.3") { try await client.proxy("b@2").call("whoami") }
            }
        }

        @Test("a container that has ended keeps nothing alive")
        func released() async throws {
            weak var poller: Poller?
            weak var thread: ServiceContainer?
            do {
                let container = try Fixture(.zeroMQ).container()
                poller = container.client.poller
                thread = container
                try await withServiceContainer(container) { _ in }
            }
            try await eventually { poller == nil && thread == nil }
        }
    }
}
