import Foundation
import Lymph
import LymphService
import RegistryBehaviour
import Testing

@testable import LymphZooKeeper

/// The registry's settings in a configuration file.
@Suite struct ConfigurationTests {
    @Test func hasDefaults() throws {
        let plain = try ZooKeeperConfiguration([:] as Configuration)
        #expect(plain.hosts == "127.0.0.1:2181")
        #expect(plain.chroot == nil)
        #expect(plain.sessionTimeout == .seconds(10) && plain.connectTimeout == .seconds(10))
        #expect(plain.credentials.isEmpty && plain.tls == nil && !plain.isReadOnly)
    }

    private static let settings: Configuration = [
        "class": "any", "hosts": "zk1:1,zk2", "chroot": "/fleet", "timeout": 2.5, "connect_timeout": "500ms",
        "read_only": true, "auth_data": [["digest", "me:a:b"]], "use_ssl": true, "ca": "ca.pem",
        "certfile": "cert.pem", "keyfile": "key.pem", "randomize_hosts": false,
    ]

    @Test(
        "Every key is read, in the registry's section and in Python's", arguments: [settings, ["zkclient": settings]])
    func keys(configuration: Configuration) throws {
        let full = try ZooKeeperConfiguration(configuration)
        #expect(full.hosts == "zk1:1,zk2")
        #expect(full.chroot == "/fleet")
        #expect(full.sessionTimeout == .milliseconds(2500))
        #expect(full.connectTimeout == .milliseconds(500))
        #expect(full.credentials == [.init(user: "me", password: "a:b")])
        #expect(full.tls == .init(authorities: "ca.pem", certificate: "cert.pem", key: "key.pem"))
        #expect(full.isReadOnly)
    }

    @Test func takesAListOfHosts() throws {
        #expect(
            try ZooKeeperConfiguration(["hosts": ["zk1:1", "zk2/fleet"]] as Configuration).hosts == "zk1:1,zk2/fleet")
    }

    @Test(
        "Mistakes are named",
        arguments: [
            (["hosts": "zk1:x"], "hosts: \"zk1:x\" does not say where ZooKeeper is"),
            (["hosts": "a/b", "chroot": "/c"], "leave one of them out"),
            (["host": "zk1"], "did you mean hosts?"), (["zkclient": ["host": "zk1"]], "did you mean hosts?"),
            (["zkclient": ["hosts": "zk1"], "hosts": "zk2"], "twice"),
            (["timeout": 0], "timeout: found the number 0; allowed: a duration above zero"),
            (["auth_data": "me:secret"], "auth_data"), (["auth_data": [["sasl", "me:secret"]]], "auth_data[0]"),
            (["auth_data": [["digest", "secret"]]], "auth_data[0]"),
            (["use_ssl": true], "needs ca, certfile and keyfile"),
            (["use_ssl": true, "verify_certs": false], "verify_certs"),
        ] as [(Configuration, String)])
    func mistakes(configuration: Configuration, text: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try ZooKeeperConfiguration(configuration) }
        #expect(error.description.contains(text), "\(error)")
        #expect(!error.description.contains("secret"), "\(error)")
    }

    @Test("Mistakes are reported together") func severalMistakes() throws {
        let wrong: Configuration = [
            "hosts": 5, "timeout": 0, "connect_timeout": "soon", "chroot": 1, "hots": "x",
            "auth_data": [["digest", "a"], ["sasl", "b:c"]],
        ]
        let error = try #require(throws: ConfigurationError.self) { try ZooKeeperConfiguration(wrong) }
        #expect(
            Set(error.problems.map(\.keyPath))
                == ["hosts", "timeout", "connect_timeout", "chroot", "hots", "auth_data[0]", "auth_data[1]"])
    }

    @Test("Mistakes in TLS are reported, too") func severalMistakesWithTLS() throws {
        let wrong: Configuration = ["hosts": "a:b", "use_ssl": true, "ca": "x", "zzz": 1]
        var error = try #require(throws: ConfigurationError.self) { try ZooKeeperConfiguration(wrong) }
        #expect(Set(error.problems.map(\.keyPath)) == ["hosts", "use_ssl", "zzz"])
        // Each is reported once.
        let mistyped: Configuration = ["use_ssl": true, "verify_certs": "x", "ca": 5, "zzz": 1]
        error = try #require(throws: ConfigurationError.self) { try ZooKeeperConfiguration(mistyped) }
        #expect(error.problems.map(\.keyPath).sorted() == ["ca", "verify_certs", "zzz"])
    }

    /// One file serves Python and Swift.
    @Test(
        .needsZooKeeper,
        arguments: [
            """
            container:
                registry: {class: zookeeper, hosts: "HOST/CHROOT"}
            """,
            """
            container:
                registry: {class: "lymph.discovery.zookeeper:ZookeeperServiceRegistry", zkclient: "dep:kazoo"}
            dependencies:
                kazoo: {class: "kazoo.client:KazooClient", hosts: "HOST/CHROOT"}
            """,
        ])
    func comesFromAFile(text: String) async throws {
        let server = try await ZooKeeperServer.shared()
        let chroot = "test-\(UUID().uuidString)"
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(chroot).yml")
        defer { try? FileManager.default.removeItem(at: file) }
        let yaml = text.replacingOccurrences(of: "HOST", with: "127.0.0.1:\(server.port)")
            .replacingOccurrences(of: "CHROOT", with: chroot)
        try Data(yaml.utf8).write(to: file)
        let configuration = try ProcessConfiguration.load(file: file.path, environment: [:])
        let registry = try configuration.registry(of: [.zooKeeper])
        #expect(registry is ZooKeeperRegistry)
        try await registry.register(.sample())
        #expect(try await server.registry(chroot: "/\(chroot)").services() == ["echo"])
    }
}
