import Lymph
import MessagePack
import Testing

private struct Settings: Decodable, Equatable {
    enum Mode: String, Decodable, CaseIterable { case fast, slow }
    struct Retry: Decodable, Equatable {
        var times: Int
        var delay: Duration?
    }

    var maxItems: Int
    var mode: Mode?
    var retry: Retry?
    var hosts: [String]?
    var small: Int8?
    var version: Version?
    var weights: [String: Double]?
    var apiToken: Mode?
}

@Suite("Decoding of configurations")
struct ConfigurationDecodingTests {
    private func text(_ configuration: Configuration) -> String {
        do {
            return "\(try configuration.decode(Settings.self))"
        } catch {
            return error.description
        }
    }

    @Test("keys may be spelled as in files or as in Swift; class belongs to the container")
    func spelling() throws {
        #expect(try Configuration(["max_items": 1]).decode() == Settings(maxItems: 1))
        #expect(try Configuration(["maxItems": 1, "class": "X"]).decode() == Settings(maxItems: 1))
    }

    @Test("all kinds of values are decoded")
    func values() throws {
        let configuration: Configuration = [
            "max_items": 1, "mode": "slow", "retry": ["times": 2, "delay": "3s"], "hosts": ["a"], "small": -128,
            "version": "1.2.3", "weights": ["a": 1, "b": 0.5],
        ]
        #expect(
            try configuration.decode()
                == Settings(
                    maxItems: 1, mode: .slow, retry: .init(times: 2, delay: .seconds(3)), hosts: ["a"], small: -128,
                    version: "1.2.3", weights: ["a": 1, "b": 0.5]))
    }

    @Test(
        "mistakes",
        arguments: [
            ([:], "max_items: is missing; allowed: a whole number"),
            (["max_itens": 1], "max_items: is missing; did you mean max_itens? allowed: a whole number"),
            (
                ["max_items": 1, "mod": "fast", "zzz": 1],
                """
                mod: unknown key; did you mean mode? \
                allowed: api_token, hosts, max_items, mode, retry, small, version, weights
                zzz: unknown key; allowed: api_token, hosts, max_items, mode, retry, small, version, weights
                """
            ),
            (["max_items": "1"], #"max_items: found the string "1"; allowed: a whole number"#),
            (["max_items": 1.5], "max_items: found the number 1.5; allowed: a whole number"),
            (["max_items": nil], "max_items: found nothing; allowed: a whole number"),
            (["max_items": []], "max_items: found a list; allowed: a whole number"),
            (["max_items": 1, "small": 128], "small: found the number 128; allowed: a whole number from -128 to 127"),
            (["max_items": 1, "mode": "middle"], #"mode: found the string "middle"; allowed: fast, slow"#),
            (["max_items": 1, "retry": 5], "retry: found the number 5; allowed: a map"),
            (["max_items": 1, "retry": ["times": true]], "retry.times: found true; allowed: a whole number"),
            (["max_items": 1, "hosts": "a"], #"hosts: found the string "a"; allowed: a list"#),
            (
                ["max_items": 1, "hosts": ["a", 1]], "hosts[1]: found the number 1; allowed: a string: put it in quotes"
            ),
            (["max_items": 1, "weights": ["a": "b"]], #"weights.a: found the string "b"; allowed: a number"#),
            (
                ["max_items": 1, "api_token": "s3cr3t"],
                "api_token: found a value that is not shown; allowed: fast, slow"
            ),
            (5, "found the number 5; allowed: a map"),
        ] as [(Configuration, String)])
    func mistakes(configuration: Configuration, expected: String) {
        #expect(text(configuration) == expected)
    }

    @Test("the error for an invalid version says where it is")
    func version() {
        #expect(text(["max_items": 1, "version": "x"]).hasPrefix("version: \"x\" is not a semantic version"))
    }

    @Test("strings from the environment may be decoded as numbers and booleans")
    func untyped() throws {
        func untyped(_ text: String) -> Configuration {
            Configuration(ConfigurationNode(.text(text), at: .code, isUntyped: true))
        }
        #expect(try untyped("5").decode(Int.self) == 5)
        #expect(try untyped("5").decode(Duration.self) == .seconds(5))
        #expect(try untyped("0.5").decode(Double.self) == 0.5)
        #expect(try untyped("Yes").decode(Bool.self))
        #expect(try untyped("5").decode(String.self) == "5")
        #expect(throws: ConfigurationError.self) { try untyped("5x").decode(Int.self) }
        #expect(throws: ConfigurationError.self) { try untyped("maybe").decode(Bool.self) }
    }

    @Test("a part is kept as it is, and dictionaries accept every key")
    func parts() throws {
        struct Loose: Decodable {
            var rest: Configuration
            var any: [String: Configuration]
        }
        let loose = try Configuration(["rest": ["x": [1]], "any": ["y": 2]]).decode(Loose.self)
        #expect(loose.rest["x.0"] == 1)
        #expect(loose.rest.path == "rest")
        #expect(loose.any["y"]?.path == "any.y")
    }

    @Test("errors are one line each, with file and line first")
    func places() {
        let node = ConfigurationNode(.text("a\nb"), at: .file("conf/echo.yml", line: 12))
        let error = Configuration(node, path: "a.b").mismatch(allowed: "a number")
        #expect(error.description == #"conf/echo.yml:12: a.b: found the string "a\nb"; allowed: a number"#)
        #expect(error.problems[0].file == "conf/echo.yml")
        #expect(error.problems[0].line == 12)
        #expect(error.problems[0].keyPath == "a.b")
        let other = ConfigurationError(at: .init(.environment("X")), "a", "bad\nthing")
        #expect(other.description == "environment variable X: a: bad thing")
    }
}
