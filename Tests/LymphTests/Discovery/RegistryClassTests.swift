import Lymph
import Testing

@Suite("Registry classes")
struct RegistryClassTests {
    @Test("the directory takes a path")
    func directory() throws {
        let registry = try RegistryClass.directory.make(["class": "directory", "path": "/tmp/somewhere"])
        #expect((registry as? DirectoryRegistry)?.path == "/tmp/somewhere")
    }

    @Test("static takes one or several addresses")
    func addresses() async throws {
        let registry = try RegistryClass.static.make([
            "services": ["echo": "tcp://127.0.0.1:1", "two": ["tcp://127.0.0.1:2", "tcp://127.0.0.1:3"]]
        ])
        #expect(try await registry.services() == ["echo", "two"])
        var lists = try await registry.instances(of: "two").makeAsyncIterator()
        let first = await lists.next()
        #expect(first?.map(\.endpoint.port).sorted() == [2, 3])
    }

    @Test("all mistakes of static are reported together")
    func allMistakes() {
        let configuration: Configuration = [
            "bogus": 1, "services": ["a": ["x", "tcp://1.2.3.4:99999"], "b": 5],
        ]
        let error = #expect(throws: ConfigurationError.self) { try RegistryClass.static.make(configuration) }
        let paths = error?.problems.map { $0.description.prefix { $0 != ":" } }
        #expect(paths?.sorted() == ["bogus", "services.a[0]", "services.a[1]", "services.b"])
    }

    @Test(
        "mistakes name the path of the wrong value",
        arguments: [
            (["servces": [:]], "servces: unknown key; did you mean services? allowed: services"),
            (["services": ["echo": 5]], "services.echo: found the number 5; allowed: a string: put it in quotes"),
            (["services": ["echo": ["tcp://x:1"]]], "services.echo[0]: "),
        ] as [(Configuration, String)])
    func mistakes(configuration: Configuration, expected: String) {
        let error = #expect(throws: ConfigurationError.self) { try RegistryClass.static.make(configuration) }
        #expect(error?.description.hasPrefix(expected) == true, "\(error.debugDescription)")
    }
}
