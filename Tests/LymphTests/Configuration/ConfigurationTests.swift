import Foundation
import Lymph
import MessagePack
import Testing

@Suite("Configuration")
struct ConfigurationTests {
    private let tree: Configuration = [
        "name": "shop", "retry": ["delay": 2.5, "times": 3], "echo@2.0.0": ["class": "Echo"], "hosts": ["a", "b"],
        "nothing": nil, "on": true,
    ]

    @Test("paths lead through maps, lists and keys with dots")
    func paths() {
        #expect(tree["name"] == "shop")
        #expect(tree["retry.times"] == 3)
        #expect(tree["retry"]?["times"] == 3)
        #expect(tree["echo@2.0.0.class"] == "Echo")
        #expect(tree["hosts.1"] == "b")
        #expect(tree["hosts.2"] == nil)
        #expect(tree["retry.none"] == nil)
        #expect(tree["name.first"] == nil)
        #expect(tree["nothing"]?.isNull == true)
        #expect(tree[""] == nil)
        #expect(tree["retry.times"]?.path == "retry.times")
        #expect(tree["hosts.1"]?.path == "hosts[1]")
    }

    @Test("keys keep their order")
    func keys() {
        #expect(tree.keys == ["name", "retry", "echo@2.0.0", "hosts", "nothing", "on"])
        #expect(tree["hosts"]?.keys == [])
    }

    @Test("a configuration converts to a plain tree and back")
    func value() {
        let value: Value = ["a": 1, "b": [true, nil, 1.5, "x"], "c": ["d": [:]]]
        #expect(Configuration(value).value == value)
        #expect(Configuration(.uint(7)).value == 7)
        let plain: Value = ["a": 1]
        #expect("\(Configuration(plain))" == "\(plain)")
    }

    @Test("equality ignores the order of keys, but not that of lists")
    func equality() {
        #expect(["a": 1, "b": 2] as Configuration == ["b": 2, "a": 1])
        #expect([1, 2] as Configuration != [2, 1])
        #expect(["a": 1] as Configuration != ["a": 1, "b": nil])
        #expect(1 as Configuration != "1")
    }

    @Test("single values are read with and without a default")
    func get() throws {
        #expect(try tree.get("retry.times") as Int == 3)
        #expect(try tree.get("retry.delay") as Double == 2.5)
        #expect(try tree.get("retry.times") as Double == 3)
        #expect(try tree.get("retry.none", default: 7) == 7)
        #expect(try tree.get("retry.times", default: 7) == 3)
        #expect(try tree.get("hosts") as [String] == ["a", "b"])
        #expect(try tree.get("nothing") as Int? == nil)
        #expect(try tree.get("on") as Bool)
        #expect(try tree.get("retry") as [String: Double] == ["delay": 2.5, "times": 3])
        #expect(try Configuration("https://example.org/x").decode(URL.self).host == "example.org")
    }

    @Test(
        "times",
        arguments: [
            (2, Duration.seconds(2)), (0.5, .milliseconds(500)), ("500ms", .milliseconds(500)), ("2s", .seconds(2)),
            ("5m", .seconds(300)), ("1.5h", .seconds(5400)), ("2 s", .seconds(2)), (0, .zero),
        ] as [(Configuration, Duration)])
    func durations(written: Configuration, expected: Duration) throws {
        #expect(try written.decode(Duration.self) == expected)
    }

    @Test(
        "no times", arguments: ["2", "s", "-1s", "infs", "0x1s", "2d", "", -1, 1e300, true, [], nil] as [Configuration])
    func noDurations(written: Configuration) {
        #expect(throws: ConfigurationError.self) { try written.decode(Duration.self) }
    }

    @Test(
        "keys that name a secret are secret",
        arguments: ["password", "db_password", "authToken", "a.tls.key", "API-KEY", "auth.user"])
    func secrets(path: String) {
        #expect(ConfigurationSecrets.isSecret(path))
    }

    @Test("other keys are not", arguments: ["monkey", "author", "keyboard", "passwordless", "tokenizer", "port", ""])
    func noSecrets(path: String) {
        #expect(!ConfigurationSecrets.isSecret(path))
    }

    @Test("secrets are masked, including everything below a secret key and the passwords of URLs")
    func masks() {
        let tree: Configuration = [
            "password": "a", "auth": ["user": "b", "more": [1, nil]], "url": "amqp://me:pw@host/x", "plain": "c@d:e",
        ]
        let mask = "********"
        let expected: Configuration = [
            "password": "\(mask)", "auth": ["user": "\(mask)", "more": ["\(mask)", nil]],
            "url": "amqp://me:\(mask)@host/x", "plain": "c@d:e",
        ]
        #expect(Configuration(tree.masked) == expected)
        #expect("\(tree)" == "\(expected)")
    }

    @Test("leaves are the values without children")
    func leaves() {
        let tree: Configuration = ["a": ["b": 1, "c": [2, [:]]], "d": [], "e": nil]
        #expect(tree.leaves.map(\.path) == ["a.b", "a.c[0]", "a.c[1]", "d", "e"])
    }
}
