import Foundation
import Lymph
import MessagePack
import Testing

private struct Orders: ConfigurationSection, Equatable {
    enum Mode: String, Codable, CaseIterable { case fast, slow }
    struct Shard: ConfigurationSection, Equatable {
        @Required var host: String
        var port: UInt16 = 80
    }

    @Required var region: String
    @Required var mode: Mode
    @Required var main: Shard
    var spare = Shard()
    var shards: [Shard] = []
    var size: Int = 1
}

@Suite("Required settings")
struct RequiredTests {
    private func mistakes<T: ConfigurationSection>(_ type: T.Type, _ configuration: Configuration) -> [String] {
        do {
            _ = try configuration.decode(type)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("a required key is read like any other")
    func present() throws {
        let orders: Orders = try Configuration([
            "region": "eu", "mode": "slow", "main": ["host": "a"], "spare": ["host": "b", "port": 1],
            "shards": [["host": "c"]],
        ]).decode()
        #expect(orders.region == "eu")
        #expect(orders.mode == .slow)
        #expect(orders.main.host == "a")
        #expect(orders.main.port == 80)
        #expect(orders.spare.host == "b")
        #expect(orders.spare.port == 1)
        #expect(orders.shards.map(\.host) == ["c"])
    }

    @Test("all that are missing are reported at once, also below a section that isn't written")
    func missing() {
        #expect(
            mistakes(Orders.self, ["shards": [["host": "a"], [:]], "size": "x"]) == [
                "region: is missing; allowed: a string", "mode: is missing; allowed: fast, slow",
                "main: is missing; allowed: a map", "spare.host: is missing; allowed: a string",
                "shards[1].host: is missing; allowed: a string",
                #"size: found the string "x"; allowed: a whole number"#,
            ])
    }

    @Test("a misspelled key and a wrong value are reported as for any other key")
    func wrong() {
        let found = mistakes(
            Orders.self, ["regoin": "eu", "mode": "x", "main": ["host": 5], "spare": ["host": "a"]])
        #expect(
            found == [
                "region: is missing; did you mean regoin? allowed: a string",
                #"mode: found the string "x"; allowed: fast, slow"#,
                "main.host: found the number 5; allowed: a string: put it in quotes",
            ])
    }

    @Test("the place of the section is named")
    func place() {
        let node = ConfigurationNode(.map([]), at: .file("conf/orders.yml", line: 12))
        struct One: ConfigurationSection { @Required var region: String }
        #expect(
            mistakes(One.self, Configuration(node, path: "interfaces.orders")) == [
                "conf/orders.yml:12: interfaces.orders.region: is missing; allowed: a string"
            ])
    }

    @Test("a list or dictionary whose default lacks a required value is missing as a whole")
    func collections() {
        struct Lists: ConfigurationSection {
            var list = [Orders.Shard()]
            var named = ["a": Orders.Shard()]
        }
        #expect(
            mistakes(Lists.self, [:]) == ["list: is missing; allowed: a list", "named: is missing; allowed: a map"])
    }

    @Test("a value that init() sets is a default")
    func setByInit() throws {
        struct Set: ConfigurationSection {
            @Required var region: String
            @Required var shard: Orders.Shard
            init() {
                region = "eu"
                shard = .init()
                shard.host = "a"
            }
        }
        let made: Set = try Configuration(["shard": ["port": 5]]).decode()
        #expect(made.region == "eu")
        #expect(made.shard.host == "a")
        #expect(made.shard.port == 5)
    }

    @Test("in code, a value is set before it is read")
    func inCode() throws {
        var shard = Orders.Shard()
        let unset = shard
        #expect("\(shard)".contains("no value"))
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(unset) }
        shard.host = "a"
        #expect(shard.host == "a")
        #expect("\(shard)".contains(#""a""#))
        #expect(shard != unset)
        #expect(try JSONDecoder().decode(Orders.Shard.self, from: JSONEncoder().encode(shard)) == shard)
    }

    @Test("reading it unset ends the process, and says where it is declared")
    func unset() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            print(Orders.Shard().host)
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("the @Required setting declared at LymphTests/RequiredTests.swift:9 has no value"))
    }
}
