import Testing

@testable import Lymph

@Suite struct RegistryFileNameTests {
    @Test func readsFileNames() {
        let token = String(repeating: "0a", count: 16)
        #expect(RegistryFileName("echo~\(token).json") == .instance(service: "echo"))
        #expect(RegistryFileName("%2ea~\(token).json") == .instance(service: ".a"))
        #expect(RegistryFileName("echo~known") == .known(service: "echo"))
        #expect(RegistryFileName(".\(token).tmp") == .temporary)
        #expect(RegistryFileName(RegistryFileName.instance(of: "a~b", token: token)) == .instance(service: "a~b"))
        #expect(RegistryFileName(RegistryFileName.known("a~b")) == .known(service: "a~b"))
        #expect(RegistryFileName(RegistryFileName.temporary(token: token)) == .temporary)
    }

    @Test(arguments: [
        "", "echo", "echo.json", "echo~.json", "echo~0a.json", "~known", "echo~~known", "echo~known~", "echo~x~known",
        ".tmp", ".0a.tmp", "..", "echo~0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A.json", "%~known",
    ])
    func readsNothingElse(name: String) {
        #expect(RegistryFileName(name) == nil)
    }
}
