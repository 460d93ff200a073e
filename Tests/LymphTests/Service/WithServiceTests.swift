import Testing

@testable import Lymph

@Suite("A service and its client in one scope", .timeLimit(.minutes(1)))
struct WithServiceTests {
    @Test("the client finds each interface", arguments: Medium.allCases)
    func calls(_ medium: Medium) async throws {
        let fixture = Fixture(medium)
        let text: String = try await withService(
            .init(EchoService.self, as: "echo"), .init(EchoService.self, as: "echo", version: "2.0.0"),
            configuration: fixture.configuration(), logger: .quiet
        ) { client in
            let other: String = try await client.proxy("echo", version: "2.0").upper(text: "bar")
            return try await client.proxy("echo").upper(text: "foo") + other
        }
        #expect(text == "FOOBAR")
    }

    @Test("nobody waits for a service that nobody could register")
    func unknown() async throws {
        let configuration = Fixture(.inMemory).configuration {
            $0.timeout = .seconds(600)
            $0.startupGrace = .seconds(600)
        }
        try await withService(
            .init(EchoService.self, as: "echo"), configuration: configuration, logger: .quiet
        ) { client in
            await expect(.lookupFailure, "ecko") { try await client.proxy("ecko").upper(text: "foo") }
        }
    }

    @Test("services of one name don't see each other", arguments: Medium.allCases)
    func apart(_ medium: Medium) async throws {
        func names(_ outer: Client?) async throws -> [String] {
            try await withService(
                .init(EchoService.self, as: outer == nil ? "outer" : "inner"),
                configuration: Fixture(medium).configuration(), logger: .quiet
            ) { client in
                guard outer == nil else { return try await client.registry.services().sorted() }
                return try await names(client) + client.registry.services().sorted()
            }
        }
        #expect(try await names(nil) == ["inner", "lymph", "lymph", "outer"])
    }

    @Test("an error in the scope ends the service, and is thrown")
    func failure() async {
        await #expect(throws: CancellationError.self) {
            try await withService(
                .init(EchoService.self, as: "echo"), configuration: Fixture(.inMemory).configuration(), logger: .quiet
            ) { _ in throw CancellationError() }
        }
    }

    @Test("the service has the configured port, the client another one")
    func port() async throws {
        let configuration = Fixture(.inMemory).configuration { $0.port = 4711 }
        try await withService(.init(EchoService.self, as: "echo"), configuration: configuration, logger: .quiet) {
            client in
            let echo = client.proxy("tcp://127.0.0.1:4711", interface: "echo")
            let text: String = try await echo.upper(text: "foo")
            #expect(text == "FOO")
        }
    }

    @Test("nobody waits for callers to learn of a withdrawal where they know at once")
    func drainDelay() {
        #expect(PeerConfiguration().drainDelay == .milliseconds(100))
        var configuration = PeerConfiguration(transport: .inMemory(InMemoryNetwork()))
        #expect(configuration.drainDelay == .zero)
        configuration.drainDelay = .seconds(1)
        #expect(configuration.drainDelay == .seconds(1))
        configuration.transport = .zeroMQ
        #expect(configuration.drainDelay == .seconds(1))
        #expect(PeerConfiguration(transport: configuration.transport, drainDelay: .zero).drainDelay == .zero)
    }
}
