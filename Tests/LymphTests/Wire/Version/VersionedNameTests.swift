import Testing

@testable import Lymph

@Suite struct VersionedNameTests {
    @Test(
        arguments: [
            ("echo", "echo", nil), ("echo@1.5.0", "echo", "1.5.0"), ("echo@1", "echo", "1.0.0"),
            ("a@1@2", "a", "1.0.0-2"),
            ("", "", nil),
        ] as [(String, String, Version?)])
    func readsVersionedNames(text: String, name: String, version: Version?) {
        #expect(VersionedName(text)?.name == name)
        #expect(VersionedName(text)?.version == version)
    }

    @Test(arguments: ["echo@", "echo@x"])
    func refusesVersionedNames(text: String) {
        #expect(VersionedName(text) == nil)
    }
}
