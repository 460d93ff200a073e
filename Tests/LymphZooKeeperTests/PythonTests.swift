import Foundation
import Lymph
import RegistryBehaviour
import Testing

@testable import LymphZooKeeper

/// Python lymph and swift-lymph find each other in ZooKeeper.
@Suite(.needsZooKeeper, .needsPython, .timeLimit(.minutes(3))) struct PythonTests {
    private let chroot = "/test-\(UUID().uuidString)"

    @Test func aPythonServiceIsFoundAndCalled() async throws {
        let server = try await ZooKeeperServer.shared()
        let registry = try server.registry(chroot: chroot)
        let python = PythonLymph(server: server, chroot: chroot)
        // An instance must be registered first, or the service is not even known.
        try await registry.register(.init(service: "versioned", endpoint: .init(host: "127.0.0.1", port: 1), id: "me"))
        try await python.withService(["versioned@1.5.0": "echo:Versioned", "versioned@2.0.0": "echo:Versioned"]) {
            var list = try await registry.list(of: "versioned") { $0.count == 3 }
            await registry.unregister(try #require(list.first { $0.id == "me" }))
            list.removeAll { $0.id == "me" }
            #expect(Set(list.map { $0.version?.description }) == ["1.5.0", "2.0.0"])
            #expect(Set(list.map(\.endpoint)).count == 1)
            #expect(Set(list.map(\.identity)).count == 1)
            #expect(list.allSatisfy { $0.ip == "127.0.0.1" && $0.hostname != nil && $0.fqdn != nil && !$0.isWorker })
            #expect(try await registry.services() == ["lymph", "versioned"])

            try await withClient(Client(registry: registry, logger: .silent)) { client in
                for (asked, version) in [("1", "1.5.0"), ("1.2", "1.5.0"), ("1.5.0", "1.5.0"), ("2.0", "2.0.0")] {
                    let which: String = try await client.proxy("versioned", version: asked, timeout: .seconds(10))
                        .which()
                    #expect(which == version)
                }
                await #expect(throws: LymphError.self) {
                    let _: String = try await client.proxy("versioned", version: "1.6").which()
                }
            }
        }
        // It has left the registry, long before its session would have expired.
        _ = try await registry.list(of: "versioned") { $0.isEmpty }
    }

    @Test func aSwiftServiceIsFoundAndCalledByPython() async throws {
        let server = try await ZooKeeperServer.shared()
        let python = PythonLymph(server: server, chroot: chroot)
        let container = try ServiceContainer(
            interfaces: [
                .init(VersionedService.self, as: "versioned", version: "1.5.0"),
                .init(VersionedService.self, as: "versioned", version: "2.0.0"),
                .init(VersionedService.self, as: "plain"),
            ], registry: try server.registry(chroot: chroot), logger: .silent)
        try await withServiceContainer(container) { _ in
            try await withThrowingTaskGroup { group in
                for (subject, answer) in [
                    ("versioned.which@1.2", "\"1.5.0\""), ("versioned.which@2", "\"2.0.0\""), ("plain.which", "null"),
                ] {
                    group.addTask {
                        let text = try await python.run("request", "--json", "--timeout=10", subject, "{}")
                        #expect(text.split(separator: "\n").last == Substring(answer))
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
