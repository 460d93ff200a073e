import MessagePack
import Testing

@Suite("Codable round trips")
struct CodableRoundTripTests {
    private func check<T: Codable & Equatable>(_ value: T, _ expected: Value? = nil) throws {
        let bytes = try MessagePackEncoder.encode(value)
        if let expected { #expect(try Value(decoding: bytes) == expected) }
        #expect(try MessagePackDecoder.decode(T.self, from: bytes) == value)
        var writer = Writer()
        let erased: any Encodable = value
        try writer.encode(erased)
        #expect(writer.bytes == bytes)
    }

    struct Scalars: Codable, Equatable {
        var bool = true, string = "ä", double = 0.1, float: Float = 0.1, int = -1, int8 = Int8.min, int16 = Int16.min
        var int32 = Int32.min, int64 = Int64.min, uint = UInt.max, uint8 = UInt8.max, uint16 = UInt16.max
        var uint32 = UInt32.max, uint64 = UInt64.max, none: Int?, some: Int? = 5
    }

    @Test("A structure of all scalars survives a round trip")
    func scalars() throws {
        try check(Scalars())
        let value = try Value(encoding: Scalars())
        #expect(value["float"] == .float(0.1))
        #expect(value["uint64"] == .uint(.max))
        #expect(value["none"] == nil)
        #expect(value["some"] == 5)
    }

    @Test("Scalars, arrays and dictionaries may be at the top level")
    func top() throws {
        try check(5, 5)
        try check("a", "a")
        try check(true, true)
        try check(1.5, 1.5)
        try check(Float(1.5), .float(1.5))
        try check(UInt64.max, .uint(.max))
        try check(Int8(-5), -5)
        try check([1, 2], [1, 2])
        try check(["a", "b"], ["a", "b"])
        try check([1.5, 2], [1.5, 2.0])
        try check([true, false], [true, false])
        try check([Int16(1)], [1])
        try check([[Int]](), [])
        try check([[1], []], [[1], []])
        try check([1, nil], [1, nil])
        try check(Int?.none, nil)
        try check(Int??.some(5), 5)
        try check(["a": [1]], ["a": [1]])
        try check([String: Int](), [:])
        try check([UInt8]([0, 255]), .binary([0, 255]))
        try check([[UInt8]([1])], [.binary([1])])
        try check(Set(["a"]), .set(["a"]))
        try check(Array(0..<70000))
        try check(Dictionary(uniqueKeysWithValues: (0..<70000).map { ("\($0)", $0) }))
    }

    enum Color: String, Codable, CodingKeyRepresentable { case red, green }
    enum Plain: String, Codable { case one = "1", two = "2" }
    enum Level: Int, Codable { case low = 1, high = 2 }
    struct Wrapped: Codable, Hashable, CodingKeyRepresentable {
        var text: String
        init(text: String) { self.text = text }
        var codingKey: any CodingKey { Key(stringValue: text) }
        init?<T: CodingKey>(codingKey: T) { text = codingKey.stringValue }
        struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { return nil }
        }
    }

    @Test("Keys of dictionaries are encoded as their own types")
    func dictionaryKeys() throws {
        try check([1: "a"], [1: "a"])
        try check(["1": "a"], ["1": "a"])
        try check([UInt8(200): 1], [200: 1])
        try check([Int64.min: 1], [.int(.min): 1])
        try check([1.5: 1], [1.5: 1])
        try check([true: 1], [true: 1])
        try check([Color.red: 1], ["red": 1])
        try check([Plain.one: 1], ["1": 1])
        try check([Level.high: 1], [2: 1])
        try check([Wrapped(text: "w"): 1], ["w": 1])
        try check([UniqueIdentifier(high: 1, low: 2): 1])
        try check([Value.int(1): Value.nil], [1: nil])
    }

    enum Shape: Codable, Equatable {
        case point
        case circle(radius: Double)
        case labelled(String, size: Int)
        indirect case group([Shape])
    }

    @Test("Enumerations survive a round trip")
    func enums() throws {
        try check([Color.red, .green], ["red", "green"])
        try check(Level.high, 2)
        try check(Shape.point, ["point": [:]])
        try check(Shape.circle(radius: 1), ["circle": ["radius": 1.0]])
        try check(Shape.labelled("a", size: 1), ["labelled": ["_0": "a", "size": 1]])
        try check(Shape.group([.point, .group([.circle(radius: 2)])]))
    }

    struct Node: Codable, Equatable {
        var name: String
        var children: [Node] = []
        var byName: [String: Node] = [:]
        var pair: Pair?
    }
    struct Pair: Codable, Equatable { var a: [Int?], b: [String: [Color]] }

    @Test("Nested structures may have more than fifteen fields and elements")
    func nested() throws {
        let leaf = Node(name: "leaf", pair: Pair(a: [1, nil], b: ["x": [.red]]))
        try check(Node(name: "root", children: [leaf, Node(name: "b")], byName: ["l": leaf]))
        try check(Scalars(some: nil))
        try check((0..<40).map { Node(name: "\($0)", children: [leaf]) })
    }

    struct Empty: Codable, Equatable {}

    @Test("A structure without properties is an empty map")
    func empty() throws {
        try check(Empty(), [:])
        try check([Empty(), Empty()], [[:], [:]])
    }

    class Base: Codable {
        var base = 1
    }

    final class Derived: Base {
        var derived = "d"
        override init() { super.init() }
        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            derived = try container.decode(String.self, forKey: .derived)
            try super.init(from: container.superDecoder())
        }
        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(derived, forKey: .derived)
            try super.encode(to: container.superEncoder())
        }
        enum Key: String, CodingKey { case derived }
    }

    final class Flat: Base {
        var flat = "f"
        override init() { super.init() }
        required init(from decoder: any Decoder) throws {
            flat = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .flat)
            try super.init(from: decoder)
        }
        override func encode(to encoder: any Encoder) throws {
            try super.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(flat, forKey: .flat)
        }
        enum Key: String, CodingKey { case flat }
    }

    @Test("Inheritance works with a super container and in one container")
    func inheritance() throws {
        let derived = Derived()
        derived.base = 7
        derived.derived = "x"
        let bytes = try MessagePackEncoder.encode([derived])
        #expect(try Value(decoding: bytes) == [["derived": "x", "super": ["base": 7]]])
        let read = try MessagePackDecoder.decode([Derived].self, from: bytes)
        #expect(read[0].base == 7 && read[0].derived == "x")

        let flat = Flat()
        flat.base = 8
        let flatBytes = try MessagePackEncoder.encode(flat)
        #expect(try Value(decoding: flatBytes) == ["base": 8, "flat": "f"])
        #expect(try MessagePackDecoder.decode(Flat.self, from: flatBytes).base == 8)
    }

    struct Generic<T: Codable & Equatable>: Codable, Equatable { var value: T }

    @Test("Generic types survive a round trip")
    func generic() throws {
        try check(Generic(value: Generic(value: ["a": Color.red])))
        try check(Generic(value: [UInt8]([1, 2])), ["value": .binary([1, 2])])
        try check(Generic(value: Int?.none), ["value": nil])
    }
}
