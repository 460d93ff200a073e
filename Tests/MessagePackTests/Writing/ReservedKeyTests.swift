import MessagePack
import Testing

/// Values that would stop a Python peer for good are never sent.
@Suite("Values that Python peers can't read")
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

    @Test("The error names the value that Python cannot hash")
    func reasons() {
        let reasons: [(Value, String)] = [
            (.map([[1]: 1]), "an array"), (.map([[:]: 1]), "a map"), (.set([.set([])]), "a set"),
            (.set([.embedded([0xc0])]), "an embedded message"), (.set([exactly("sNaN")]), "a signalling NaN"),
        ]
        for (value, what) in reasons {
            let text = "\(what) is a map key or a set member, which Python peers cannot hash"
            #expect(error { _ = try value.encoded() }?.message == text)
        }
        #expect(error { _ = try MessagePackEncoder.encode([[1]: 1]) }?.message.hasPrefix("an array is") == true)
        #expect(error { _ = try MessagePackEncoder.encode([["a": 1]] as Set) }?.message.hasPrefix("a map is") == true)
    }

    @Test("Extensions that Python cannot read are refused, even nested in others", arguments: [Int8.min, -5, -2])
    func extensions(type: Int8) throws {
        let value = Value.ext(type: type, bytes: [1])
        for outer in [value, [value], ["a": value], .set([value]), .embedded([0xd4, UInt8(bitPattern: type), 1])] {
            #expect(code { _ = try outer.encoded() } == .unrepresentable)
            #expect(code { _ = try MessagePackEncoder.encode(["x": outer]) } == .unrepresentable)
        }
        #expect(
            error { _ = try value.encoded() }?.message.hasPrefix("an extension of type \(type), which Python") == true)
        // Within the process the value can still be decoded.
        #expect(try value.decode(Value.self) == value)
    }

    @Test(
        "An embedded message that is malformed, or that Python could not read, is refused",
        arguments: ["", "c1", "d9", "9090", "a1ff", "81a85f5f747970655f5f01", "819001", "c7026590ff", "92c0"])
    func embedded(bytes: String) {
        #expect(code { _ = try Value.embedded(hex(bytes)).encoded() } == .unrepresentable)
        #expect(code { _ = try Value.array([.embedded([0x91] + hex(bytes))]).encoded() } == .unrepresentable)
    }

    @Test(
        "What Python reads is sent",
        arguments: ["90", "c0", "81a16101", "82a85f5f747970655f5fa464617465a15fa a323031352d31312d3233", "c7016590"])
    func good(bytes: String) throws {
        let bytes = hex(bytes.replacing(" ", with: ""))
        #expect(try Value.embedded(bytes).encoded().suffix(bytes.count) == bytes[...])
        for type in [Int8(0), 1, 100, 102, 127] { _ = try Value.ext(type: type, bytes: bytes).encoded() }
    }

    @Test("A malformed timestamp is refused with a reason")
    func timestamps() {
        let short = error { _ = try Value.ext(type: -1, bytes: [1, 2]).encoded() }
        #expect(short?.message == "an extension of type -1 is a timestamp, of 4, 8 or 12 bytes, not 2")
        let long = error { _ = try Value.ext(type: -1, bytes: [UInt8](repeating: 255, count: 8)).encoded() }
        #expect(long?.message == "an extension of type -1 is a timestamp, not one with a second or more of nanoseconds")
    }

    private func error(_ body: () throws -> Void) -> MessagePackError? {
        do { try body() } catch { return error as? MessagePackError }
        return nil
    }

    private func exactly(_ text: String) -> Value { ExactDecimal(text).map(Value.decimal) ?? .nil }

    @Test("Such maps from peers are read nevertheless")
    func reading() throws {
        let bytes = hex("82a85f5f747970655f5fa178a15f01")
        #expect(try MessagePackDecoder.decode([String: Value].self, from: bytes) == ["__type__": "x", "_": 1])
    }
}
