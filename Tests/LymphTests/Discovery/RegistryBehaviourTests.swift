import Lymph
import RegistryBehaviour
import Testing

@Suite(.timeLimit(.minutes(1))) struct RegistryBehaviourTests {
    private static let kinds: [RegistryUnderTest] = [
        RegistryUnderTest("StaticRegistry") {
            let registry = StaticRegistry()
            return RegistryUnderTest.Views(here: registry, there: registry)
        },
        RegistryUnderTest("DirectoryRegistry") {
            let parent = try TemporaryDirectory()
            return RegistryUnderTest.Views(
                here: DirectoryRegistry(path: parent.path + "/registry"),
                there: DirectoryRegistry(path: parent.path + "/registry"), keepAlive: parent)
        },
    ]

    @Test(arguments: RegistryBehaviour.all, kinds)
    func promise(_ behaviour: RegistryBehaviour, of kind: RegistryUnderTest) async throws {
        try await behaviour.check(kind)
    }
}
