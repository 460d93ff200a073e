import FreePort
import Glibc
import Lymph
import RegistryBehaviour
import Testing

@testable import LymphZooKeeper

/// What a registry reports about an unreachable ensemble. The tests need no server.
@Suite(.timeLimit(.minutes(2))) struct ReasonTests {
    private func registry(_ hosts: String, _ timeout: Duration = .seconds(10)) throws -> ZooKeeperRegistry {
        try ZooKeeperRegistry(.init(hosts: hosts, connectTimeout: timeout), logger: .silent)
    }

    /// A registry whose calls fail soon, once it knows the reason: a slow machine may need longer to find it.
    private func impatientRegistry(_ hosts: String) async throws -> ZooKeeperRegistry {
        let registry = try registry(hosts, .milliseconds(300))
        // The registry looks for the reason because of a call, even if that has failed already.
        await #expect(throws: RegistryError.self) { try await registry.services() }
        try await eventually("it does not look for the reason") { await registry.finding != nil }
        return registry
    }

    @Test(arguments: [
        ("127.0.0.1:1", "Connection refused"), ("-nowhere:2181", "the host cannot be found ("),
    ])
    func failuresSayWhy(hosts: String, reason: String) async throws {
        let registry = try await impatientRegistry(hosts)
        let start = "no connection to ZooKeeper at \(hosts) within 0.3 seconds: \(reason)"
        async let registering = await #expect(throws: RegistryError.self) { try await registry.register(.sample()) }
        async let listing = await #expect(throws: RegistryError.self) { try await registry.services() }
        async let looking = await #expect(throws: RegistryError.self) { try await registry.instances(of: "echo") }
        for error in await [registering, listing, looking] {
            #expect(error?.message.hasPrefix(start) == true, "\(String(describing: error))")
        }
    }

    @Test func theReasonIsFoundWhileCallsWait() async throws {
        let registry = try registry("127.0.0.1:1", .seconds(3600))
        let task = Task { try await registry.services() }
        try await eventually("it does not look for the reason") { await registry.finding == "Connection refused" }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func whoDoesNotWaitLearnsItToo() async throws {
        let registry = try registry("127.0.0.1:1", .seconds(3600))
        let task = Task { try await registry.services() }
        #expect(await registry.obstacle == "no connection to ZooKeeper at 127.0.0.1:1: Connection refused")
        task.cancel()
        _ = await task.result
        await registry.close()
        #expect(await registry.obstacle == "the registry is closed")
    }

    @Test func eachHostIsNamed() async throws {
        let port = try freePort()
        let obstacle = await (try registry("127.0.0.1:1,127.0.0.1:\(port)")).obstacle
        #expect(
            obstacle
                == "no connection to ZooKeeper at 127.0.0.1:1,127.0.0.1:\(port): 127.0.0.1:1: Connection refused, "
                + "127.0.0.1:\(port): Connection refused")
    }

    @Test func containersSayWhy() async throws {
        let container = try ServiceContainer(interfaces: [], registry: await impatientRegistry("127.0.0.1:1"))
        let error = await #expect(throws: LymphError.self) { try await container.run() }
        #expect(
            error?.message
                == "can't register lymph: no connection to ZooKeeper at 127.0.0.1:1 within 0.3 seconds: Connection refused"
        )
    }
}
