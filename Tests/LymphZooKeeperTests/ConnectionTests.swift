import CZooKeeper
import Foundation
import Lymph
import RegistryBehaviour
import Testing

@testable import LymphZooKeeper

/// How registries connect, and how they end.
@Suite(.needsZooKeeper, .timeLimit(.minutes(2))) struct ConnectionTests {
    private let chroot = "/test-\(UUID().uuidString)"

    private func registry(_ change: (inout ZooKeeperConfiguration) -> Void = { _ in }) async throws -> ZooKeeperRegistry
    {
        var configuration = ZooKeeperConfiguration(
            hosts: "127.0.0.1:\(try await ZooKeeperServer.shared().port)", chroot: chroot, connectTimeout: .seconds(20))
        change(&configuration)
        return try ZooKeeperRegistry(configuration, logger: .silent)
    }

    @Test func triesSeveralHosts() async throws {
        let registry = try await registry { $0.hosts = "127.0.0.1:1,no.such.host.invalid:2181,\($0.hosts)" }
        try await registry.register(.sample())
        #expect(try await registry.services() == ["echo"])
    }

    @Test(arguments: ["127.0.0.1:1", "no.such.host.invalid:2181"])
    func givesUpInTime(hosts: String) async throws {
        let registry = try await registry {
            $0.hosts = hosts
            $0.connectTimeout = .milliseconds(300)
        }
        let instance = try ServiceInstance.sample()
        async let registering = await #expect(throws: RegistryError.self) { try await registry.register(instance) }
        async let listing = await #expect(throws: RegistryError.self) { try await registry.services() }
        async let looking = await #expect(throws: RegistryError.self) { try await registry.instances(of: "echo") }
        for error in await [registering, listing, looking] {
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains(hosts) == true, "\(String(describing: error))")
        }
        #expect(await registry.registrations.isEmpty)
        #expect(await registry.views.isEmpty)
    }

    /// A missing service is not an obstacle of the registry.
    @Test func hasNoObstacleWhenItAnswers() async throws {
        let registry = try await registry()
        _ = try await registry.services()
        try await eventually("something is wrong") { await registry.obstacle == nil }
        try await registry.register(.sample("nobody"))
        await registry.unregister(try .sample("nobody"))
        // So the call needs no request that a slow machine might still wait for.
        let lists = try await registry.instances(of: "nobody")
        defer { withExtendedLifetime(lists) {} }
        try await withClient(Client(registry: registry, logger: .silent)) { client in
            let error = await #expect(throws: LymphError.self) {
                let _: String? = try await client.proxy("nobody", timeout: .milliseconds(200)).with(waitForReady: true)
                    .which()
            }
            #expect(error?.message.contains("ZooKeeper") == false, "\(error?.message ?? "")")
            #expect((error?.cause as? RegistryError)?.code != .unavailable)
        }
    }

    @Test func waitingCanBeCancelled() async throws {
        let registry = try await registry {
            $0.hosts = "127.0.0.1:1"
            $0.connectTimeout = .seconds(3600)
        }
        let tasks: [Task<Void, any Error>] = [
            Task { try await registry.register(.sample()) }, Task { _ = try await registry.services() },
            Task { _ = try await registry.instances(of: "echo") },
        ]
        for task in tasks { task.cancel() }
        for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
        #expect(await registry.registrations.isEmpty)
        #expect(await registry.views.isEmpty)
    }

    @Test func readOnlyRegistriesOnlyRead() async throws {
        let (writer, reader) = (try await registry(), try await registry { $0.isReadOnly = true })
        try await writer.register(.sample())
        #expect(try await reader.services() == ["echo"])
        #expect(try await reader.versions(of: "echo") == ["1.5.0"])
        let error = try await #require(throws: RegistryError.self) { try await reader.register(.sample(port: 1)) }
        #expect(error.code == .registrationFailure)
        #expect(error.message.contains("read-only"))
    }

    @Test func closingEndsEverything() async throws {
        let (registry, other) = (
            try await registry { $0.sessionTimeout = .seconds(60) }, try await registry()
        )
        try await registry.register(.sample())
        var lists = try await other.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 1)
        var own = try await registry.instances(of: "echo").makeAsyncIterator()
        #expect(await own.next()?.count == 1)
        await registry.close()
        #expect(await own.next() == nil)
        // Long before the session would have expired.
        #expect(await lists.next() == [])
        var error = try await #require(throws: RegistryError.self) { try await registry.register(.sample()) }
        #expect(error.code == .unavailable && error.message.contains("closed"))
        error = try await #require(throws: RegistryError.self) { try await registry.services() }
        #expect(error.code == .unavailable)
        error = try await #require(throws: RegistryError.self) { try await registry.instances(of: "echo") }
        #expect(error.code == .unavailable)
        await registry.unregister(try .sample())
        await registry.close()
    }

    @Test func closingEndsWhatWaits() async throws {
        let registry = try await registry { $0.hosts = "127.0.0.1:1" }
        let task = Task { try await registry.services() }
        while await registry.handle == nil { await Task.yield() }
        await registry.close()
        await #expect(throws: RegistryError.self) { try await task.value }
    }

    /// A registry that nobody uses any more ends its session; a stream keeps it alive.
    @Test func endsWithItsLastUser() async throws {
        let other = try await registry()
        var registry: ZooKeeperRegistry? = try await registry { $0.sessionTimeout = .seconds(60) }
        weak let observed = registry
        try await registry?.register(.sample())
        var lists = try await other.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 1)
        var stream: AsyncStream<[ServiceInstance]>? = try await registry?.instances(of: "echo")
        registry = nil
        var own = stream?.makeAsyncIterator()
        #expect(await own?.next()?.count == 1)
        #expect(observed != nil)
        stream = nil
        own = nil
        #expect(await lists.next() == [])
        #expect(observed == nil)
    }

    @Test func needsABuildWithTLSForTLS() async throws {
        try #require(lymph_zookeeper_has_tls() == 0, "this build of the client has TLS, which was never tested")
        let registry = try await registry { $0.tls = .init(authorities: "ca", certificate: "cert", key: "key") }
        let error = try await #require(throws: RegistryError.self) { try await registry.services() }
        #expect(error.code == .unavailable)
        #expect(error.message.contains("TLS"))
    }

    @Test func provesItselfWhereAccessIsRestricted() async throws {
        let user = ZooKeeperConfiguration.Credential(user: "fleet", password: "secret")
        try await restrict(chroot, to: user)
        let (known, unknown) = (try await registry { $0.credentials = [user] }, try await registry())
        try await known.register(.sample())
        #expect(try await known.services() == ["echo"])
        var error = try await #require(throws: RegistryError.self) { try await unknown.register(.sample("other")) }
        #expect(error.code == .registrationFailure)
        #expect("\(error)".contains("not authenticated"), "\(error)")
        let wrong = try await registry { $0.credentials = [.init(user: "fleet", password: "guessed")] }
        error = try await #require(throws: RegistryError.self) { try await wrong.register(.sample("other")) }
        #expect(error.code == .registrationFailure)
    }

    /// Creates `<path>/services`, which one user may change and everybody may read.
    private func restrict(_ path: String, to user: ZooKeeperConfiguration.Credential) async throws {
        let host = "127.0.0.1:\(try await ZooKeeperServer.shared().port)"
        let opened = zookeeper_init2(host, nil, 10_000, nil, nil, ZOO_NO_LOG_CLIENTENV, { _ in })
        let handle = try #require(opened)
        defer { zookeeper_close(handle) }
        try await eventually("no session") { zoo_state(handle) == ZOO_CONNECTED_STATE }
        let text = "\(user.user):\(user.password)"
        zoo_add_auth(handle, "digest", text, Int32(text.utf8.count), nil, nil)
        #expect(zoo_create(handle, path, nil, -1, lymph_zookeeper_open_acl(), ZOO_PERSISTENT, nil, 0) == 0)
        let code = "auth".withCString { auth in
            "world".withCString { world in
                "anyone".withCString { anyone in
                    "".withCString { empty in
                        var entries = [
                            ACL(perms: ZOO_PERM_ALL, id: Id(scheme: .init(mutating: auth), id: .init(mutating: empty))),
                            ACL(
                                perms: ZOO_PERM_READ,
                                id: Id(scheme: .init(mutating: world), id: .init(mutating: anyone))),
                        ]
                        return entries.withUnsafeMutableBufferPointer { entries in
                            var list = ACL_vector(count: 2, data: entries.baseAddress)
                            return zoo_create(handle, "\(path)/services", nil, -1, &list, ZOO_PERSISTENT, nil, 0)
                        }
                    }
                }
            }
        }
        #expect(code == 0)
    }
}
