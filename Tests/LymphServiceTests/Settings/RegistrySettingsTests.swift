import Lymph
import LymphService
import Testing

@Suite("container.registry")
struct RegistrySettingsTests {
    private let folder: Folder

    private struct Refusal: Error, CustomStringConvertible { let description = "no" }

    init() throws { folder = try Folder() }

    private func registry(_ yaml: String, _ classes: [RegistryClass] = []) throws -> any ServiceRegistry {
        try folder.load("container:\n    registry: \(yaml)").registry(of: classes)
    }

    @Test("the default is the directory")
    func directory() throws {
        #expect(try folder.load("").registry() is DirectoryRegistry)
        #expect(try registry("") is DirectoryRegistry)
        #expect(try registry("directory") is DirectoryRegistry)
        #expect((try registry("{class: directory, path: /tmp/x}") as? DirectoryRegistry)?.path == "/tmp/x")
    }

    @Test("Python's names mean the same")
    func python() throws {
        #expect(try registry("{class: 'lymph.discovery.static:StaticServiceRegistryHub'}") is StaticRegistry)
    }

    @Test("a class that the program adds gets its section")
    func own() throws {
        let own = RegistryClass("own") { part in
            try StaticRegistry([try part.get("service"): ["tcp://127.0.0.1:1"]])
        }
        #expect(try registry("{class: own, service: echo}", [own]) is StaticRegistry)
    }

    @Test(
        "mistakes",
        arguments: [
            ("{class: static, servces: {}}", "container.registry.servces: unknown key; did you mean services?"),
            ("{path: x}", "container.registry.class: is missing; allowed: directory, refuses, static"),
            ("[1]", "container.registry: found a list; allowed: a map with a class"),
            ("{class: 5}", "container.registry.class: found the number 5; allowed: a string: put it in quotes"),
            (
                "{class: directry}",
                #"container.registry.class: there is no registry class "directry"; did you mean directory? "#
                    + "allowed: directory, refuses, static"
            ),
            (
                "consul",
                #"container.registry: there is no registry class "consul"; allowed: directory, refuses, static"#
            ),
            ("refuses", "container.registry: no"),
            (
                "{class: 'lymph.discovery.zookeeper:ZookeeperServiceRegistry', zkclient: {}}",
                #"container.registry.class: found "lymph.discovery.zookeeper:ZookeeperServiceRegistry", which this "#
                    + "program was built without: add the product LymphZooKeeper to its target and "
                    + "`static let registries: [RegistryClass] = [.zooKeeper]` to its ServiceCommand"
            ),
            ("zookeper", #"container.registry: found "zookeper", which this program was built without"#),
        ])
    func mistakes(yaml: String, expected: String) {
        let refuses = RegistryClass("refuses") { _ in throw Refusal() }
        let mistake = folder.mistake("container:\n    registry: \(yaml)") { _ = try $0.registry(of: [refuses]) }
        #expect(mistake.hasPrefix("conf.yml:2: \(expected)"), "\(mistake)")
    }

    @Test("unknown classes matter only where they are used")
    func unused() throws {
        let yaml = "dependencies:\n  other: {class: 'some.where:Else'}\ncontainer: {registry: "
        #expect(try folder.load(yaml + "static}").registry() is StaticRegistry)
        #expect(
            folder.mistake(yaml + "'dep:other'}") { _ = try $0.registry() }
                .hasPrefix(#"conf.yml:2: container.registry.class: there is no registry class "some.where:Else""#))
    }
}
