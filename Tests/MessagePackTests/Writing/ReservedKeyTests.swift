import MessagePack
import Testing

/// What would stop a Python peer for good is never sent.
@Suite("Refusals towards Python peers")
struct ReservedKeyTests {
    @Test(
        "A map with the key __type__ is refused",
        arguments: [
            ["__type__": "Money", "_": "5"], ["__type__": nil], ["a": 1, "__type__": "date", "_": "x"],
            [.binary(utf8("__type__")): "date"], ["__type__": "date", "_": "2015-11-23"],
        ] as [Map])
    func values(map: Map) {
        #expect(code { _ = try Value.map(map).encoded() } == .reservedKey)
        #expect(code { _ = try Value.array([.map(["x": .map(map)])]).encoded() } == .reservedKey)
        #expect(code { _ = try MessagePackEncoder.encode(map) } == .reservedKey)
    }

    @Test("A property or dictionary key named __type__ is refused, and the error says where")
    func codable() {
        struct Bad: Encodable {
            var type = "x"
            enum CodingKeys: String, CodingKey { case type = "__type__" }
        }
        struct Outer: Encodable { var inner = [Bad()] }
        #expect(code { _ = try MessagePackEncoder.encode(Bad()) } == .reservedKey)
        #expect(code { _ = try MessagePackEncoder.encode(["__type__": 1]) } == .reservedKey)
        #expect(code { _ = try MessagePackEncoder.encode([Name.bad: 1]) } == .reservedKey)
        #expect(code { _ = try MessagePackEncoder.encode(NestedBad()) } == .reservedKey)
        let error = #expect(throws: MessagePackError.self) { try MessagePackEncoder.encode(Outer()) }
        #expect(error?.description.contains("in inner[0].__type__") == true)
    }

    enum Name: String, Encodable { case bad = "__type__" }

    struct NestedBad: Encodable {
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            _ = container.nestedContainer(keyedBy: Key.self, forKey: .bad)
        }
        enum Key: String, CodingKey { case bad = "__type__" }
    }

    @Test("Keys and members that Python cannot hash are refused")
    func unhashable() throws {
        #expect(code { _ = try Value.map([[1]: 1]).encoded() } == .unhashable)
        #expect(code { _ = try Value.map([.set([]): 1]).encoded() } == .unhashable)
        #expect(code { _ = try Value.set([["a": 1]]).encoded() } == .unhashable)
        #expect(code { _ = try Value.set([.embedded([0xc0])]).encoded() } == .unhashable)
        #expect(code { _ = try MessagePackEncoder.encode([[1]: 1]) } == .unhashable)
        #expect(code { _ = try MessagePackEncoder.encode([["a": 1]] as Set) } == .unhashable)
        #expect(code { _ = try MessagePackEncoder.encode([[1] as Set: 1]) } == .unhashable)
        let identifiers: Set = [UniqueIdentifier(high: 0, low: 0)]
        #expect(try MessagePackDecoder.decode(from: MessagePackEncoder.encode(identifiers)) == identifiers)
        let dates = [try #require(CalendarDate("2015-11-23")): 1]
        #expect(try MessagePackDecoder.decode(from: MessagePackEncoder.encode(dates)) == dates)
    }

    @Test("Peers' maps of that kind are read all the same")
    func reading() throws {
        let bytes = hex("82a85f5f747970655f5fa178a15f01")
        #expect(try MessagePackDecoder.decode([String: Value].self, from: bytes) == ["__type__": "x", "_": 1])
    }
}
