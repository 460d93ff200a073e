import MessagePack
import Testing

@testable import Lymph

/// Says who is calling.
private actor Doorman: Interface {
    init() {}

    static let routes = Routes<Doorman> {
        RPC("who") { _ in
            [Peer.current?.name, Peer.current?.key?.description, Peer.current?.address, Request.current?.peer.name]
        }
        RPC("refund", allow: .peers("ops")) { _ in "refunded" }
    }
}

@Suite("Calls over encrypted connections", .timeLimit(.minutes(2)))
struct EncryptedCallsTests {
    private let fleet: SecureFleet

    init() throws { fleet = try SecureFleet() }

    private func with<R: Sendable>(
        _ container: ServiceContainer, _ client: Client, _ body: (Proxy) async throws -> R
    ) async throws -> R {
        try await withServiceContainer(container) { _ in
            try await withClient(client) { try await body($0.proxy("echo")) }
        }
    }

    @Test("calls, large bodies, errors and raw methods work", arguments: [Security.Encryption.required, .auto])
    func calls(encryption: Security.Encryption) async throws {
        try await with(try fleet.container(encryption), try fleet.client(fleet.web, encryption)) { echo in
            let text: String = try await echo.upper(text: "foo")
            #expect(text == "FOO")
            let large = String(repeating: "x", count: 3_000_000)
            #expect(try await echo.echo(text: large) == large)
            #expect(
                try await echo.repeat(text: "ab", times: 500_000) as String == String(repeating: "ab", count: 500_000))
            await #expect(throws: RemoteError.self) { try await echo.divide(a: 1, b: 0) as Int }
            try await withThrowingDiscardingTaskGroup { group in
                for number in 0..<200 {
                    group.addTask {
                        let sum: Int = try await echo.add(a: number, b: 1)
                        #expect(sum == number + 1)
                    }
                }
            }
        }
    }

    @Test("a method learns who calls it: the name in the policy, the key, the address")
    func current() async throws {
        let container = try fleet.container(interfaces: [.init(Doorman.self, as: "echo")])
        let who = try await with(container, try fleet.client(fleet.web)) { try await $0.who() as [String?] }
        #expect(who == ["web", fleet.web.publicKey.description, "127.0.0.1", "web"])
    }

    @Test("the method and the policy both have to allow a call")
    func allowance() async throws {
        let container = try fleet.container(interfaces: [.init(Doorman.self, as: "echo")])
        try await withServiceContainer(container) { _ in
            try await withClient(fleet.client(fleet.ops)) { ops in
                let answer: String = try await ops.proxy("echo").refund()
                #expect(answer == "refunded")
            }
            try await withClient(fleet.client(fleet.web)) { web in
                let error = try await refusal { try await web.proxy("echo").refund() as String }
                #expect(error.reason == .unauthorized && error.execution == .none)
                #expect(error.message.contains("web may not call echo.refund"))
            }
        }
    }

    @Test("the policy refuses methods before their arguments are looked at")
    func policy() async throws {
        let policy = try fleet.policy(may: ["echo.upper"])
        try await with(try fleet.container(.required, policy), try fleet.client(fleet.web)) { echo in
            let text: String = try await echo.upper(text: "foo")
            #expect(text == "FOO")
            let error = try await refusal { try await echo.add(a: "no number") as Int }
            #expect(error.reason == .unauthorized)
        }
        // A ping proves only that the process lives.
        try await withServiceContainer(try fleet.container(.required, policy)) { _ in
            try await withClient(fleet.client(fleet.web)) { client in
                _ = try await client.proxy("echo", interface: "lymph").ping(payload: "") as String
                let error = try await refusal { try await client.proxy("echo", interface: "lymph").status() as Value }
                #expect(error.reason == .unauthorized)
            }
        }
    }

    @Test("a key that no member has is refused at once, and says how to be admitted")
    func unknownKey() async throws {
        // The stranger believes the service, but not the other way round.
        try await with(try fleet.container(), try fleet.client(fleet.stranger)) { echo in
            let error = try await refusal { try await echo.upper(text: "foo") as String }
            #expect(error.code == .unauthorized && error.execution == .none)
            #expect(error.message.contains("its policy has to list our key"))
        }
    }

    @Test("a service whose key isn't in the policy isn't called, unless the registry is trusted")
    func unknownService() async throws {
        let policy = try AccessPolicy(members: [.init(name: "other", keys: [fleet.ops.publicKey])])
        try await withServiceContainer(try fleet.container()) { _ in
            try await withClient(fleet.client(fleet.web, .auto, policy)) { client in
                let error = try await refusal { try await client.proxy("echo").upper(text: "foo") as String }
                #expect(error.code == .unauthorized && error.message.contains(fleet.service.publicKey.description))
            }
            try await withClient(fleet.client(fleet.web, .required, policy, trust: .registry)) { client in
                let text: String = try await client.proxy("echo").upper(text: "foo")
                #expect(text == "FOO")
            }
        }
    }

    @Test("a process that can't prove the registered key gets no call")
    func impostor() async throws {
        let service = Security.encrypted(key: fleet.stranger, policy: try fleet.policy())
        let registry = StaticRegistry()
        let impostor = try ServiceContainer(
            interfaces: [.init(EchoService.self, as: "echo")], registry: StaticRegistry(),
            configuration: fleet.fixture.configuration { $0.security = service }, logger: .quiet)
        try await withServiceContainer(impostor) { endpoint in
            let forged = endpoint.with(fleet.service.publicKey)
            try await registry.register(
                ServiceInstance(service: "echo", endpoint: forged.with(nil), encryptedEndpoints: [forged]))
            let security = Security.encrypted(key: fleet.web, policy: try fleet.policy())
            let configuration = fleet.fixture.configuration { $0.security = security }
            try await withClient(Client(registry: registry, configuration: configuration, logger: .quiet)) { client in
                let error = try await refusal { try await client.proxy("echo").upper(text: "foo") as String }
                #expect(error.code == .notConnected && error.execution == .none)
            }
        }
    }

    @Test("who doesn't encrypt is told so, and isn't served behind the encrypted door")
    func plainCaller() async throws {
        try await withServiceContainer(try fleet.container()) { endpoint in
            try await withClient(fleet.fixture.client()) { client in
                let error = try await refusal { try await client.proxy("echo").upper(text: "foo") as String }
                #expect(error.code == .unauthorized && error.message.contains("this process has no key"))
                let address = try Endpoint(validating: endpoint.address)
                let direct = client.proxy("\(address)", interface: "echo", timeout: .milliseconds(500))
                await #expect(throws: LymphError.self) { try await direct.upper(text: "foo") as String }
            }
        }
    }

    @Test("a plain caller is served where the policy has its address, and under that name")
    func plainRange() async throws {
        let policy = try fleet.policy(web: [], may: ["echo.upper"], plain: ["127.0.0.0/8"])
        try await with(try fleet.container(.auto, policy), fleet.fixture.client()) { echo in
            let text: String = try await echo.upper(text: "foo")
            #expect(text == "FOO")
            let error = try await refusal { try await echo.add(a: 1) as Int }
            #expect(error.message.contains("web may not call echo.add"))
        }
        try await with(try fleet.container(.auto, fleet.policy()), fleet.fixture.client()) { echo in
            let error = try await refusal { try await echo.upper(text: "foo") as String }
            #expect(error.code == .unauthorized && error.message.contains("its policy has to list our address"))
        }
    }

    @Test("a process that has to encrypt doesn't call one that can't")
    func plainService() async throws {
        try await with(try fleet.fixture.container(), try fleet.client(fleet.web)) { echo in
            let error = try await refusal { try await echo.upper(text: "foo") as String }
            #expect(error.code == .unauthorized && error.message.contains("takes no encrypted calls"))
        }
        try await with(try fleet.fixture.container(), try fleet.client(fleet.web, .auto)) { echo in
            let text: String = try await echo.upper(text: "foo")
            #expect(text == "FOO")
        }
    }

    @Test("a deadline and a cancellation end the work behind the encrypted door")
    func cancellation() async throws {
        let container = try fleet.container()
        let service = container.client.poller
        try await with(container, try fleet.client(fleet.web)) { echo in
            let held = echo.defer("hold")
            try await eventually { await service.runningRequests == 1 }
            held.cancel()
            try await eventually { await service.runningRequests == 0 }
            _ = try? await held.value
            _ = try? await echo.with(timeout: .milliseconds(50)).hold() as Value
            try await eventually { await service.runningRequests == 0 }
        }
    }
}

extension EncryptedCallsTests {
    /// The error of a call that has to fail.
    private func refusal<R>(_ call: () async throws -> R) async throws -> LymphError {
        let error = await #expect(throws: LymphError.self) { _ = try await call() }
        return try #require(error)
    }
}
