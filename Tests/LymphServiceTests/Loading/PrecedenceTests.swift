import Lymph
import LymphService
import Testing

@Suite("Precedence of configurations")
struct PrecedenceTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func origin(_ configuration: ProcessConfiguration, _ path: String) -> String? {
        configuration.root[path]?.origin.description.split(separator: "/").last.map(String.init)
    }

    @Test("a process takes some sections from its node; its own keys in a section replace the node's as a whole")
    func node() throws {
        let node = try folder.write(
            """
            container: {port: 1, rpc: {pool: {}}, metrics: {tags: {a: x}}}
            interfaces: {node: {class: Node}}
            instances: {echo: {command: x}}
            dependencies: {d: {x: 1}}
            """, to: "node.yml")
        let configuration = try folder.load(
            "container: {port: 2, metrics: {}}\ndependencies: {e: {}}\n", environment: ["LYMPH_NODE_CONFIG": node])
        let root = configuration.root
        #expect(root["container.port"] == 2)
        #expect(root["container.rpc"] != nil)
        #expect(root["container.metrics"] == [:])
        #expect(root["interfaces"] == nil)
        #expect(root["instances"] == nil)
        #expect(root["dependencies"]?.keys == ["d", "e"])
        #expect(configuration.files == [node, "\(folder.path)/conf.yml"])
        #expect(origin(configuration, "container.port") == "conf.yml:1")
        #expect(origin(configuration, "dependencies.d") == "node.yml:4")
    }

    @Test("LYMPH_CONFIG names the file, unless the command line does")
    func file() throws {
        let a = try folder.write("name: a", to: "a.yml")
        let b = try folder.write("name: b", to: "b.yml")
        let environment = ["LYMPH_CONFIG": a]
        #expect(try ProcessConfiguration.load(file: nil, environment: environment).serviceName == "a")
        #expect(try ProcessConfiguration.load(file: b, environment: environment).serviceName == "b")
        let named = ["LYMPH_CONFIG": a, "LYMPH_SERVICE_NAME": "c"]
        #expect(try ProcessConfiguration.load(file: nil, environment: named).serviceName == "c")
        #expect(try ProcessConfiguration.load(file: b, environment: ["LYMPH_SERVICE_NAME": ""]).serviceName == "b")
    }

    @Test("the address comes from the command line, container.ip, LYMPH_NODE_IP, or is 127.0.0.1")
    func address() throws {
        let environment = ["LYMPH_NODE_IP": "127.0.0.2"]
        func ip(_ configuration: ProcessConfiguration) throws -> [String?] {
            [try configuration.peerConfiguration().ip, origin(configuration, "container.ip")]
        }
        #expect(try ip(folder.load("")) == ["127.0.0.1", "default"])
        #expect(
            try ip(folder.load("", environment: environment)) == ["127.0.0.2", "environment variable LYMPH_NODE_IP"])
        var configured = try folder.load("container: {ip: 127.0.0.3}", environment: environment)
        #expect(try ip(configured) == ["127.0.0.3", "conf.yml:1"])
        configured.set("container.ip", to: "127.0.0.4", option: "--ip")
        #expect(try ip(configured) == ["127.0.0.4", "option --ip"])
        #expect(
            folder.mistake("", environment: ["LYMPH_NODE_IP": "nowhere"]) { _ = try $0.peerConfiguration() }
                == #"environment variable LYMPH_NODE_IP: container.ip: found the string "nowhere"; "#
                + "allowed: an IP address of this machine that peers can reach; --guess-external-ip finds one")
    }

    @Test("old keys are moved, keys that only Python uses give a warning, a section of the program's is kept")
    func strange() throws {
        let configuration = try folder.load(
            """
            registry: {class: static}
            event_system: {class: 'lymph.events.null:NullEventSystem'}
            plugins: {newrelic: {class: 'x:Y'}}
            zebra: {a: 1}
            """)
        #expect(configuration.root["container.registry.class"] == "static")
        #expect(configuration.root["zebra.a"] == 1)
        _ = try configuration.peerConfiguration()
        let warnings = configuration.warnings.map { $0.split(separator: "conf.yml:").last.map(String.init) }
        #expect(
            warnings == [
                "3: plugins: plugins exist only in Python; they are ignored",
                "1: registry: registry is deprecated: write it as container.registry",
                "2: event_system: event_system is deprecated: write it as container.events",
            ])
    }

    @Test(
        "sections that are misspelled or not maps are mistakes",
        arguments: [
            ("contaner: {}", "conf.yml:1: contaner: unknown key; did you mean container? allowed: container, "),
            ("interface: {}", "conf.yml:1: interface: unknown key; did you mean interfaces? allowed: container, "),
            ("container: 5", "conf.yml:1: container: found the number 5; allowed: a map"),
            ("interfaces: [a]", "conf.yml:1: interfaces: found a list; allowed: a map"),
            ("name: 5", "conf.yml:1: name: found the number 5; allowed: a string"),
        ])
    func sections(yaml: String, expected: String) {
        #expect(folder.mistake(yaml).hasPrefix(expected), "\(folder.mistake(yaml))")
    }
}
