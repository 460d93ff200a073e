import Foundation
import Lymph
import LymphZooKeeper
import RegistryBehaviour
import Testing

/// The behaviour that every registry promises, between two sessions.
@Suite(.needsZooKeeper, .timeLimit(.minutes(2))) struct RegistryBehaviourTests {
    private static let kinds = [
        RegistryUnderTest("ZooKeeperRegistry") {
            let server = try await ZooKeeperServer.shared()
            let chroot = "/test-\(UUID().uuidString)"
            return RegistryUnderTest.Views(
                here: try server.registry(chroot: chroot), there: try server.registry(chroot: chroot))
        }
    ]

    @Test(arguments: RegistryBehaviour.all, kinds)
    func promise(_ behaviour: RegistryBehaviour, of kind: RegistryUnderTest) async throws {
        try await behaviour.check(kind)
    }

    @Test func remembersServicesThatNobodyOffersAnyMore() async throws {
        let server = try await ZooKeeperServer.shared()
        let registry: any ServiceRegistry = try server.registry(chroot: "/test-\(UUID().uuidString)")
        let gone = ServiceInstance(service: "gone", endpoint: try .init(host: "127.0.0.1", port: 1))
        try await registry.register(gone)
        try await registry.register(.init(service: "echo", endpoint: gone.endpoint))
        await registry.unregister(gone)
        #expect(try await registry.services() == ["echo"])
        #expect(try await registry.knownServices() == ["echo", "gone"])
    }
}
