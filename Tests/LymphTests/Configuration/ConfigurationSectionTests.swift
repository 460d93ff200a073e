import Foundation
import Lymph
import MessagePack
import Testing

private struct Orders: ConfigurationSection, Equatable {
    enum Mode: String, Codable, CaseIterable { case fast, slow }
    struct Retry: ConfigurationSection, Equatable {
        var times = 3
        var delay = Duration.seconds(1)
    }
    /// It has no `init()`: it starts from the property's default only.
    struct Window: Codable, Equatable {
        var from: Int
        var to: Int
    }
    enum Store: Codable, Equatable {
        case memory
        case disk(path: String, limit: ByteCount)
    }

    var maxLines = 5
    var timeout = Duration.seconds(2)
    var mode = Mode.fast
    var name: String?
    var nick: String? = "orders"
    var page = URL(string: "https://example.org/")
    var cache = ByteCount.mebibytes(64)
    var hosts = ["a", "b"]
    var weights = ["a": 1.0]
    var windows: [String: Window] = ["day": Window(from: 8, to: 20)]
    var retry = Retry(times: 7)
    var window = Window(from: 1, to: 2)
    var maybe: Retry?
    var retries: [Retry] = []
    var store = Store.disk(path: "/tmp", limit: 10)
    var rest: Configuration = ["x": 1]
}

@Suite("Sections with defaults")
struct ConfigurationSectionTests {
    private func mistakes<T: ConfigurationSection>(_ type: T.Type, _ configuration: Configuration) -> String {
        do {
            return "\(try configuration.decode(type))"
        } catch {
            return error.description
        }
    }

    @Test("without keys, everything is as init() made it")
    func empty() throws {
        #expect(try Configuration([:]).decode() == Orders())
        #expect(try Configuration(["class": "Orders"]).decode() == Orders())
    }

    private static let cases: [(Configuration, @Sendable (inout Orders) -> Void)] = [
        (["max_lines": 9], { $0.maxLines = 9 }),
        (["maxLines": 9], { $0.maxLines = 9 }),
        (["timeout": "500ms"], { $0.timeout = .milliseconds(500) }),
        (["mode": "slow"], { $0.mode = .slow }),
        (["name": "n"], { $0.name = "n" }),
        (["nick": nil], { $0.nick = nil }),
        (["page": nil], { $0.page = nil }),
        (["page": "http://a/"], { $0.page = URL(string: "http://a/") }),
        (["cache": "64KiB"], { $0.cache = .kibibytes(64) }),
        (["cache": 100], { $0.cache = 100 }),
        (["hosts": ["c"]], { $0.hosts = ["c"] }),
        (["hosts": []], { $0.hosts = [] }),
        (["weights": ["b": 2]], { $0.weights = ["b": 2] }),
        (["retry": [:]], { $0.retry = .init(times: 7) }),
        (["retry": ["delay": 5]], { $0.retry = .init(times: 7, delay: .seconds(5)) }),
        (["window": ["to": 5]], { $0.window = .init(from: 1, to: 5) }),
        (["maybe": [:]], { $0.maybe = .init() }),
        (["maybe": ["times": 1]], { $0.maybe = .init(times: 1) }),
        (["retries": [["times": 1], [:]]], { $0.retries = [.init(times: 1), .init()] }),
        (["store": ["disk": ["limit": "1KiB"]]], { $0.store = .disk(path: "/tmp", limit: 1024) }),
        (["store": ["memory": [:]]], { $0.store = .memory }),
        (["rest": ["y": 2]], { $0.rest = ["y": 2] }),
    ]

    @Test("a key changes its property and nothing else", arguments: cases.indices)
    func oneKey(index: Int) throws {
        let (configuration, change) = Self.cases[index]
        var expected = Orders()
        change(&expected)
        #expect(try configuration.decode() == expected)
    }

    @Test(
        "a wrong value never becomes the default",
        arguments: [
            (["max_lines": "many"], #"max_lines: found the string "many"; allowed: a whole number"#),
            (["max_lines": nil], "max_lines: found nothing; allowed: a whole number"),
            (["timeout": "soon"], #"timeout: found the string "soon"; allowed: a time in seconds, "#),
            (["mode": "middle"], #"mode: found the string "middle"; allowed: fast, slow"#),
            (["nick": 5], "nick: found the number 5; allowed: a string: put it in quotes"),
            (["page": "x"], #"page: found the string "x"; allowed: a URL"#),
            (["cache": "64Kb"], #"cache: found the string "64Kb"; allowed: a size in bytes, or with a unit"#),
            (["hosts": "c"], #"hosts: found the string "c"; allowed: a list"#),
            (["retry": 5], "retry: found the number 5; allowed: a map"),
            (["retry": nil], "retry: found nothing; allowed: a map"),
            (["retry": ["tims": 5]], "retry.tims: unknown key; did you mean times? allowed: delay, times"),
            (["retries": [[:], ["times": "x"]]], #"retries[1].times: found the string "x"; allowed: a whole number"#),
            // What a dictionary holds doesn't start from what another one held.
            (["windows": ["day": ["to": 5]]], "windows.day.from: is missing; allowed: a whole number"),
            (["max_linse": 5], "max_linse: unknown key; did you mean max_lines? allowed: "),
        ] as [(Configuration, String)])
    func wrong(configuration: Configuration, expected: String) {
        let found = mistakes(Orders.self, configuration)
        #expect(found.hasPrefix(expected), "\(found)")
    }

    @Test("all mistakes are reported at once")
    func several() {
        let found = mistakes(
            Orders.self,
            [
                "max_lines": true, "mode": "x", "retry": ["times": "x", "dely": 1],
                "windows": ["a": ["to": 1, "too": 1]],
                "maybe": ["times": []], "zzz": 1,
            ])
        #expect(
            found.split(separator: "\n").map { $0.prefix { $0 != ";" } } == [
                "max_lines: found true", #"mode: found the string "x""#, "windows.a.from: is missing",
                "windows.a.too: unknown key", #"retry.times: found the string "x""#, "retry.dely: unknown key",
                "maybe.times: found a list", "zzz: unknown key",
            ])
    }

    @Test("keys may have names of their own, and a property without a key keeps its value")
    func codingKeys() throws {
        struct Named: ConfigurationSection, Equatable {
            var isLoud = false
            var greeting = "Hello"
            var hidden = 4
            enum CodingKeys: String, CodingKey {
                case isLoud = "loud"
                case greeting
            }
        }
        #expect(try Configuration(["loud": true]).decode() == Named(isLoud: true))
        #expect(mistakes(Named.self, ["hidden": 1]) == "hidden: unknown key; allowed: greeting, loud")
        #expect(mistakes(Named.self, ["is_loud": true]).hasPrefix("is_loud: unknown key"))
    }

    @Test("constants are no settings")
    func constants() throws {
        struct Fixed: ConfigurationSection, Equatable {
            let limit: Int
            var size = 1
            init() { limit = 5 }
        }
        #expect(try Configuration(["size": 2]).decode(Fixed.self).limit == 5)
        #expect(try Configuration(["limit": 2]).decode(Fixed.self).limit == 2)
    }

    @Test("decoding code of one's own sees the defaults as if the file had them")
    func ownDecoding() throws {
        struct Own: ConfigurationSection, Equatable {
            var low = 1
            var high = 10
            enum CodingKeys: CodingKey { case low, high, more }
            enum MoreKeys: CodingKey { case depth }
            var depth = 3
            init() {}
            init(from decoder: any Decoder) throws {
                let keys = try decoder.container(keyedBy: CodingKeys.self)
                #expect(keys.contains(.low))
                #expect(try !keys.decodeNil(forKey: .low))
                low = try keys.decode(Int.self, forKey: .low)
                high = try keys.decode(Int.self, forKey: .high)
                depth = try keys.nestedContainer(keyedBy: MoreKeys.self, forKey: .more).decode(Int.self, forKey: .depth)
                guard low < high else {
                    throw DecodingError.dataCorruptedError(
                        forKey: .low, in: keys, debugDescription: "low must be below high")
                }
            }
            func encode(to encoder: any Encoder) throws {
                var keys = encoder.container(keyedBy: CodingKeys.self)
                try keys.encode(low, forKey: .low)
                try keys.encode(high, forKey: .high)
                var more = keys.nestedContainer(keyedBy: MoreKeys.self, forKey: .more)
                try more.encode(depth, forKey: .depth)
            }
        }
        #expect(try Configuration([:]).decode() == Own())
        #expect(try Configuration(["more": ["depth": 5]]).decode(Own.self).depth == 5)
        #expect(mistakes(Own.self, ["high": 0]) == "low must be below high")
        // The default stands in for what is wrong, so that the check doesn't end the search for mistakes.
        #expect(
            mistakes(Own.self, ["high": "x", "zzz": 1])
                == """
                high: found the string "x"; allowed: a whole number
                zzz: unknown key; allowed: high, low, more
                """)
    }

    @Test("a section that can't be encoded is a mistake, not one without defaults")
    func notEncodable() {
        struct Broken: ConfigurationSection {
            struct Reason: Error {}
            var a = 1
            init() {}
            init(from decoder: any Decoder) throws {}
            func encode(to encoder: any Encoder) throws { throw Reason() }
        }
        #expect(mistakes(Broken.self, [:]) == "the defaults of Broken can't be encoded: Reason()")
    }

    @Test("types that are no sections need their keys, as before, but sections in them don't")
    func plain() throws {
        struct Plain: Decodable {
            var count = 5
            var retry: Orders.Retry
        }
        #expect(try Configuration(["count": 1, "retry": [:]]).decode(Plain.self).retry == .init())
        do throws(ConfigurationError) {
            _ = try Configuration([:]).decode(Plain.self)
            Issue.record("nothing is missing")
        } catch {
            #expect(
                error.problems.map(\.description) == [
                    "count: is missing; allowed: a whole number", "retry: is missing; allowed: a map",
                ])
        }
    }
}
