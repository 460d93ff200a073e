import Lymph
import MessagePack
import Testing

private struct Settings: Decodable {
    struct Retry: Decodable {
        var times: Int
        var delay: Duration
    }

    /// Refuses odd numbers, like the custom decoding of a user's type.
    struct Even: Decodable {
        var value: Int

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            value = try container.decode(Int.self)
            guard value.isMultiple(of: 2) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "it is odd")
            }
        }
    }

    /// Accepts a number or a word, as in `retries: 3` and `retries: none`.
    struct Either: Decodable {
        var text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                text = "\(number)"
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    enum Mode: String, Decodable, CaseIterable { case fast, slow }

    var port: UInt16
    var name: String
    var retry: Retry?
    var hosts: [String]?
    var weights: [String: Double]?
    var mode: Mode?
    var even: Even?
    var either: Either?
    var last: Bool?
}

@Suite("All mistakes of a configuration at once")
struct ConfigurationMistakesTests {
    private func mistakes(_ configuration: Configuration) -> [String] {
        do {
            _ = try configuration.decode(Settings.self)
            return []
        } catch {
            return error.problems.map { "\($0.keyPath): \($0.message)" }
        }
    }

    @Test("every wrong value, missing key and unknown key is reported")
    func all() {
        let found = mistakes([
            "port": 70_000, "retry": ["times": "x", "delay": "soon", "more": 1], "hosts": ["a", 1, 2],
            "weights": ["a": "b", "c": "d"], "mode": "middle", "even": 3, "either": "none", "last": 5, "zzz": 1,
        ])
        #expect(
            found.sorted() == [
                "even: it is odd", "hosts[1]: found the number 1", "hosts[2]: found the number 2",
                "last: found the number 5", #"mode: found the string "middle""#, "name: is missing",
                "port: found the number 70000", #"retry.delay: found the string "soon""#, "retry.more: unknown key",
                #"retry.times: found the string "x""#, #"weights.a: found the string "b""#,
                #"weights.c: found the string "d""#, "zzz: unknown key",
            ])
    }

    @Test("a failed attempt that a type recovers from is not a mistake")
    func alternatives() {
        #expect(mistakes(["port": 1, "name": "a", "either": "none"]) == [])
        #expect(mistakes(["port": "x", "name": "a", "either": "none"]) == [#"port: found the string "x""#])
        #expect(
            mistakes(["port": "x", "name": "a", "either": ["a"]])
                == [#"port: found the string "x""#, "either: found a list"])
    }

    @Test("an optional element may be nil, but a wrong one is a mistake")
    func optionals() throws {
        #expect(try Configuration([1, nil, 3]).decode([Int?].self) == [1, nil, 3])
        #expect(throws: ConfigurationError.self) { try Configuration([1, "x"]).decode([Int?].self) }
    }

    @Test("a misspelled key is one mistake, not an unknown key and a missing one")
    func misspelled() {
        #expect(mistakes(["prot": 1, "name": "a"]) == ["port: is missing"])
        #expect(mistakes(["prot": 1, "name": "a", "zzz": 1]) == ["port: is missing", "zzz: unknown key"])
    }

    @Test("a type that contains itself is decoded")
    func recursive() {
        final class Tree: Decodable {
            var size: Int
            var left: Tree?
            var rest: [Tree]
        }
        let wrong: Configuration = [
            "size": "x", "left": ["size": "y", "rest": []], "rest": [["size": "z", "rest": [5]]],
        ]
        #expect(throws: ConfigurationError.self) { try wrong.decode(Tree.self) }
        do throws(ConfigurationError) {
            _ = try wrong.decode(Tree.self)
        } catch {
            #expect(error.problems.map(\.keyPath) == ["size", "left.size", "rest[0].size", "rest[0].rest[0]"])
        }
    }

    @Test("mistakes of one file come in the order of its lines, and each once")
    func order() {
        var mistakes = ConfigurationMistakes()
        for (file, line) in [("a", 3), ("b", 1), ("a", 1), ("a", 3)] {
            mistakes.add(ConfigurationError(at: .file(file, line: line), "x", "wrong"))
        }
        #expect(mistakes.makeError().description == "a:1: x: wrong\na:3: x: wrong\nb:1: x: wrong")
    }

    @Test("a wrong value is not reported again for what depends on it")
    func consequences() {
        func problem(_ path: String, line: Int, _ message: String) -> ConfigurationMistakes {
            var mistakes = ConfigurationMistakes()
            mistakes.add(ConfigurationError(at: .file("f", line: line), path, message))
            return mistakes
        }
        var mistakes = problem("registry.hosts", line: 4, "no variable")
        mistakes.add(consequences: problem("container.registry.hosts", line: 4, "no host"))
        mistakes.add(consequences: problem("registry.hosts.more", line: 4, "missing"))
        mistakes.add(consequences: problem("registry.hosts", line: 5, "another place"))
        mistakes.add(consequences: problem("registry.timeout", line: 4, "another key"))
        #expect(mistakes.problems.map(\.message) == ["no variable", "another place", "another key"])
    }
}
