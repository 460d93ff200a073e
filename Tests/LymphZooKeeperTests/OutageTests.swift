import Foundation
import Lymph
import RegistryBehaviour
import Testing

@testable import LymphZooKeeper

/// ZooKeeper goes away and comes back.
///
/// Readers keep missing instances for two of their session timeouts, which is long enough to register again.
/// Registered instances have a short session timeout, so that they expire.
@Suite(.needsZooKeeper, .timeLimit(.minutes(3))) struct OutageTests {
    private static let offers = ["1.5.0", "2.0.0"]

    /// Both versions of a service and a reader of them, on a separate server.
    private func withFleet(
        _ body: (_ server: ZooKeeperServer, _ registry: ZooKeeperRegistry, _ client: Client) async throws -> Void
    ) async throws {
        try await ZooKeeperServer.with { server in
            let registry = try server.registry(sessionTimeout: .seconds(1))
            let container = try ServiceContainer(
                interfaces: [
                    .init(VersionedService.self, as: "versioned", version: "1.5.0"),
                    .init(VersionedService.self, as: "versioned", version: "2.0.0"),
                ], registry: registry, logger: .silent)
            try await withServiceContainer(container) { _ in
                // A connection that the server accepts too early is given up after two thirds of the timeout.
                let reader = try server.registry(sessionTimeout: .seconds(6))
                try await withClient(Client(registry: reader, logger: .silent)) { client in
                    try await body(server, registry, client)
                }
            }
        }
    }

    private func expectAllRegistered(on server: ZooKeeperServer) async throws {
        let fresh = try server.registry()
        try await eventually("not everything is registered") {
            guard try await fresh.services() == ["lymph", "versioned"] else { return false }
            return try await fresh.versions(of: "versioned") == Self.offers
        }
    }

    /// Calls both versions, and fails the test if one is not answered.
    private func call(_ client: Client) async throws {
        for version in Self.offers {
            let which: String? = try await client.proxy("versioned", version: version, timeout: .seconds(60)).which()
            #expect(which == version)
        }
    }

    /// Makes calls while `body` runs, and fails the test if one is not answered.
    private func calling(_ client: Client, waitForReady: Bool? = nil, _ body: () async throws -> Void) async throws {
        let (ended, end) = AsyncStream<Never>.makeStream()
        async let calls = withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                var count = 0
                while !Task.isCancelled {
                    try await withCallOptions(waitForReady: waitForReady) { try await self.call(client) }
                    count += 1
                }
                return count
            }
            for await _ in ended {}
            group.cancelAll()
            return try await group.next() ?? 0
        }
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        end.finish()
        do {
            let count = try await calls
            #expect(count > 0)
        } catch is CancellationError {
            // The last call was in flight.
        }
        try result.get()
    }

    @Test func longerThanTheSession() async throws {
        try await withFleet { server, registry, client in
            try await calling(client) {
                try await expectAllRegistered(on: server)
                let before = await registry.session.number
                await server.stop()
                try await eventually("the session is not given up") { await registry.session.number > before }
                #expect(await registry.session.current == nil)
                try await server.start()
                try await expectAllRegistered(on: server)
                // For a while the server also has the nodes of the session that was given up.
                try await eventually("a node is not renewed") { await registry.hasAllNodes }
            }
            try await call(client)

            // Watches work again, too.
            let late = try server.registry()
            try await late.register(
                .init(service: "versioned", endpoint: .init(host: "127.0.0.1", port: 1), version: "3.0.0"))
            try await eventually("the new instance is not seen") {
                guard let error = await error(of: client, version: "4.0.0") else { return false }
                return error.contains("3.0.0")
            }
        }
    }

    private func error(of client: Client, version: String) async -> String? {
        do {
            let _: String? = try await client.proxy("versioned", version: version, timeout: .seconds(60)).which()
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func expiryOfTheSession() async throws {
        try await withFleet { server, registry, client in
            try await call(client)
            let before = try #require(await registry.session.current)
            // For a moment nothing is registered, and an empty list is accepted.
            try await calling(client, waitForReady: true) {
                try await registry.expireSession()
                try await expectAllRegistered(on: server)
            }
            #expect(await registry.session.current != before)
            try await call(client)
            #expect(await registry.registrations.count == 3)
        }
    }

    @Test func lossOfAllData() async throws {
        try await withFleet { server, registry, client in
            try await call(client)
            try await calling(client) {
                await server.stop()
                try server.forgetEverything()
                try await server.start()
                try await expectAllRegistered(on: server)
            }
        }
    }

    @Test func beforeTheFirstConnection() async throws {
        try await ZooKeeperServer.with { server in
            let early = try server.registry(sessionTimeout: .seconds(1))
            try await early.register(.sample())
            await server.stop()
            await early.close()

            let registry = try server.registry(sessionTimeout: .seconds(3), connectTimeout: .seconds(60))
            async let registered: Void = registry.register(.sample(port: 1))
            async let services = registry.services()
            async let lists = registry.instances(of: "echo")
            while await registry.handle == nil { await Task.yield() }
            try await server.start()
            try await registered
            #expect(try await services == ["echo"])
            var iterator = try await lists.makeAsyncIterator()
            #expect(await iterator.next(ids: ["echo-1"]) != nil)
        }
    }

    @Test func keepsTheLastView() async throws {
        try await ZooKeeperServer.with { server in
            // With a short session, missing instances are kept for less time.
            let here = try server.registry(sessionTimeout: .seconds(3))
            let there = try server.registry(sessionTimeout: .milliseconds(300))
            let impatient = try server.registry(connectTimeout: .milliseconds(500))
            try await here.register(.sample(port: 1))
            try await here.register(.sample(port: 2))
            var lists = try await there.instances(of: "echo").makeAsyncIterator()
            #expect(await lists.next()?.count == 2)
            // Half a second may be too short on a busy machine.
            try await eventually("there is no connection") { (try? await impatient.services()) != nil }
            await server.stop()
            try await eventually("the loss goes unnoticed") {
                for registry in [here, there, impatient] where await registry.session.current != nil { return false }
                return true
            }
            // A watched service has a list for other users, too; without one there is an error in time.
            #expect(try await there.versions(of: "echo").count == 2)
            let error = try await #require(throws: RegistryError.self) { try await impatient.instances(of: "echo") }
            #expect(error.code == .unavailable)
            // This returns at once, and takes effect later.
            await here.unregister(try .sample(port: 1))
            try await server.start()
            #expect(await lists.next(ids: ["echo-2"]) != nil)
        }
    }

    @Test func severalExpiriesInARow() async throws {
        let server = try await ZooKeeperServer.shared()
        let chroot = "/test-\(UUID().uuidString)"
        // The server sometimes ignores the owner that returns while its session is being closed. The client gives that
        // connection up after two thirds of the timeout.
        let registry = try server.registry(chroot: chroot, sessionTimeout: .seconds(3))
        let reader = try server.registry(chroot: chroot)
        for port in UInt16(1)...20 { try await registry.register(.sample(port: port)) }
        for _ in 1...3 {
            try await registry.expireSession()
            try await eventually("not everything is registered") { try await reader.versions(of: "echo").count == 20 }
            #expect(await registry.registrations.count == 20)
        }
        for port in UInt16(1)...20 { await registry.unregister(try .sample(port: port)) }
        #expect(try await reader.services() == [])
    }
}
