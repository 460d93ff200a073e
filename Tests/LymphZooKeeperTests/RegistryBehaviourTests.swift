import Foundation
import LymphZooKeeper
import RegistryBehaviour
import Testing

/// ZooKeeper keeps the promises of every registry, between two sessions.
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
}
