import Testing

@testable import Lymph

@Suite struct RegistryLocationTests {
    @Test(
        arguments: [
            (["LYMPH_REGISTRY_DIR": "/a", "XDG_RUNTIME_DIR": "/run/user/7"], true, "/a"),
            (["LYMPH_REGISTRY_DIR": "", "XDG_RUNTIME_DIR": "/run/user/7"], true, "/run/user/7/lymph"),
            (["XDG_RUNTIME_DIR": "/run/user/7/"], true, "/run/user/7/lymph"),
            (["XDG_RUNTIME_DIR": "/run/user/7"], false, "/tmp/lymph-7"),
            (["XDG_RUNTIME_DIR": "run"], true, "/tmp/lymph-7"), (["XDG_RUNTIME_DIR": ""], true, "/tmp/lymph-7"),
            (["TMPDIR": "/elsewhere"], true, "/tmp/lymph-7"), ([:], true, "/tmp/lymph-7"),
        ] as [([String: String], Bool, String)])
    func choosesADirectory(environment: [String: String], isUsable: Bool, expected: String) {
        #expect(RegistryLocation.path(environment: { environment[$0] }, user: 7) { _ in isUsable } == expected)
    }

    @Test(arguments: [("/a", "/a"), ("/a/", "/a"), ("/a///", "/a"), ("/", "/"), ("//", "/"), ("", "")])
    func dropsSlashesAtTheEnd(path: String, expected: String) {
        #expect(RegistryLocation.normalized(path) == expected)
    }

    @Test("all directories are listed that a user's processes may use, whatever their environment")
    func defaults() {
        func defaults(_ environment: [String: String]) -> [String] {
            RegistryLocation.defaults(environment: { environment[$0] }, user: 7)
        }
        #expect(defaults([:]) == ["/run/user/7/lymph", "/tmp/lymph-7"])
        #expect(
            defaults(["LYMPH_REGISTRY_DIR": "/a/", "XDG_RUNTIME_DIR": "/b/"])
                == ["/a", "/b/lymph", "/run/user/7/lymph", "/tmp/lymph-7"])
        #expect(defaults(["LYMPH_REGISTRY_DIR": "", "XDG_RUNTIME_DIR": "/run/user/7"]).count == 2)
        #expect(defaults(["LYMPH_REGISTRY_DIR": "relative", "XDG_RUNTIME_DIR": ""]).count == 2)
        #expect(defaults(["XDG_RUNTIME_DIR": "relative"]).count == 2)
    }
}
