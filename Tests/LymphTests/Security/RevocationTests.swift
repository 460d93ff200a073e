import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

@Suite("Changes of the policy", .timeLimit(.minutes(2)))
struct RevocationTests {
    private let fleet: SecureFleet

    init() throws { fleet = try SecureFleet() }

    /// Calls until it is told to stop, and counts what failed.
    private func load(_ echo: Proxy, until end: ShutdownSignal) async -> (calls: Int, failures: [any Error]) {
        await withTaskGroup(of: (Int, [any Error]).self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var (calls, failures) = (0, [] as [any Error])
                    while !end.isGiven {
                        do { _ = try await echo.upper(text: "foo") as String } catch { failures.append(error) }
                        calls += 1
                    }
                    return (calls, failures)
                }
            }
            return await group.reduce((0, [])) { ($0.0 + $1.0, $0.1 + $1.1) }
        }
    }

    private func isUnauthorized(_ echo: Proxy) async -> Bool {
        do {
            _ = try await echo.upper(text: "foo") as String
            return false
        } catch {
            return (error as? LymphError)?.code == .unauthorized
        }
    }

    @Test("a revoked key's connection is cut at once, and nobody else loses a call")
    func revoke() async throws {
        let container = try fleet.container()
        let end = ShutdownSignal()
        try await withServiceContainer(container) { _ in
            try await withClient(fleet.client(fleet.web)) { web in
                try await withClient(fleet.client(fleet.ops)) { ops in
                    async let others = load(ops.proxy("echo"), until: end)
                    let echo = web.proxy("echo")
                    #expect(try await echo.upper(text: "foo") == "FOO")
                    await container.client.use(try fleet.policy(web: []))
                    try await eventually { await isUnauthorized(echo) }
                    // Admitted again, it is asked again after a while.
                    await container.client.use(try fleet.policy())
                    try await eventually { (try? await echo.upper(text: "foo") as String) == "FOO" }
                    end.trigger()
                    let (calls, failures) = await others
                    #expect(failures.isEmpty && calls > 8)
                }
            }
        }
    }

    @Test("a key can be replaced while both are in the policy")
    func rotate() async throws {
        let (old, new) = (fleet.web, try KeyPair.generate())
        let container = try fleet.container(.required, fleet.policy(web: [old.publicKey, new.publicKey]))
        try await withServiceContainer(container) { _ in
            try await withClient(fleet.client(old)) { first in
                try await withClient(fleet.client(new)) { second in
                    for client in [first, second] {
                        let text: String = try await client.proxy("echo").upper(text: "foo")
                        #expect(text == "FOO")
                    }
                    await container.client.use(try fleet.policy(web: [new.publicKey]))
                    #expect(try await second.proxy("echo").upper(text: "foo") == "FOO")
                    try await eventually { await isUnauthorized(first.proxy("echo")) }
                }
            }
        }
    }

    @Test("a service that isn't trusted any more isn't called any more, and its connection is closed")
    func distrust() async throws {
        try await withServiceContainer(try fleet.container()) { _ in
            try await withClient(fleet.client(fleet.web)) { client in
                let echo = client.proxy("echo")
                #expect(try await echo.upper(text: "foo") == "FOO")
                await client.use(try AccessPolicy(members: [.init(name: "other", keys: [fleet.ops.publicKey])]))
                let error = await #expect(throws: LymphError.self) { try await echo.upper(text: "foo") as String }
                #expect(error?.code == .unauthorized)
                #expect(await client.poller.peers.encrypted.isEmpty)
                await client.use(try fleet.policy())
                #expect(try await echo.upper(text: "foo") == "FOO")
            }
        }
    }
}
