import MessagePack
import Testing

@Suite("Decoding")
struct DecodingTests {
    struct Record: Decodable, Equatable {
        var a: Int
        var b: String?
        var c: [Int]?
    }

    private func decode<T: Decodable>(_ value: Value, as type: T.Type = T.self) throws -> T {
        try MessagePackDecoder.decode(type, from: value.encoded())
    }

    @Test(
        "Keys are found in any order, among others, as strings or binary data",
        arguments: [
            ["a": 1, "b": "x", "c": [1]], ["c": [1], "b": "x", "a": 1],
            ["x": [1, [2]], "a": 1, "y": [:], "c": [1], "b": "x"],
            [1: 2, nil: 3, "b": "x", 1.5: 4, "c": [1], "a": 1],
            .map([.binary(utf8("a")): 1, .binary(utf8("b")): .binary(utf8("x")), .binary(utf8("c")): [1]]),
            ["a": 1, "b": .embedded([0xa1, 0x78]), "c": .embedded([0x91, 1])],
            .embedded([0x83, 0xa1, 0x61, 1, 0xa1, 0x62, 0xa1, 0x78, 0xa1, 0x63, 0x91, 1]),
        ] as [Value])
    func keys(value: Value) throws {
        #expect(try decode(value) == Record(a: 1, b: "x", c: [1]))
        #expect(try decode([value, value]) == [Record(a: 1, b: "x", c: [1]), Record(a: 1, b: "x", c: [1])])
    }

    @Test("Missing keys and nil are both absent values")
    func absent() throws {
        #expect(try decode(["a": 1]) == Record(a: 1))
        #expect(try decode(["b": nil, "a": 1, "c": nil]) == Record(a: 1))
    }

    @Test("Large maps are searched in any order")
    func large() throws {
        let value = Value.map(Map((0..<5000).reversed().map { (.string("k\($0)"), .int(Int64($0))) }))
        struct Reader: Decodable {
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Name.self)
                for number in 0..<5000 {
                    #expect(try container.decode(Int.self, forKey: Name(stringValue: "k\(number)")) == number)
                }
                #expect(!container.contains(Name(stringValue: "k")))
                #expect(!container.contains(Name(stringValue: "k50000")))
                #expect(container.allKeys.count == 5000)
                #expect(container.allKeys.first?.stringValue == "k4999")
            }
        }
        _ = try decode(value, as: Reader.self)
    }

    struct Name: CodingKey {
        var stringValue: String
        var intValue: Int?
        init(stringValue: String) { self.stringValue = stringValue }
        init(intValue: Int) {
            stringValue = "number"
            self.intValue = intValue
        }
    }

    @Test("Of repeated keys the last one counts, in a small map, a large one and a nested container")
    func repeatedKeys() throws {
        let small = hex("83 a161 01 a162 a178 a161 02")
        #expect(try MessagePackDecoder.decode(Record.self, from: small) == Record(a: 2, b: "x"))
        #expect(try MessagePackDecoder.decode([String: Value].self, from: small)["a"] == 2)
        #expect(try MessagePackDecoder.decode([Record].self, from: [0x92] + small + small)[1].a == 2)
        #expect(try Value(decoding: small)["a"] == 2)
        let large = hex("de0014") + hex("a16101") + (0..<18).flatMap { [0xa1, 0x70 + UInt8($0), 0xc0] } + hex("a16102")
        #expect(try MessagePackDecoder.decode(Record.self, from: large).a == 2)
        struct Nested: Decodable {
            var a: Int
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Name.self)
                a = try container.nestedContainer(keyedBy: Name.self, forKey: Name(stringValue: "n"))
                    .decode(Int.self, forKey: Name(stringValue: "a"))
            }
        }
        #expect(try MessagePackDecoder.decode(Nested.self, from: hex("81a16e") + small).a == 2)
    }

    @Test("The last of equal keys counts even if the first one does not fit the type")
    func repeatedKeysOfOtherTypes() throws {
        let bytes = hex("83 a161 a178 a162 c0 a161 02")
        #expect(try MessagePackDecoder.decode(Record.self, from: bytes) == Record(a: 2))
        #expect(try MessagePackDecoder.decode([Record].self, from: [0x91] + bytes) == [Record(a: 2)])
        #expect(try MessagePackDecoder.decode(Record.self, from: hex("82 a161 02 a161 d46503")) == Record(a: 3))
    }

    @Test("Repeated keys at every level do not multiply the work", .timeLimit(.minutes(1)))
    func nestedRepeatedKeys() throws {
        final class Node: Decodable {
            var n: Node?
        }
        var bytes = hex("80")
        for _ in 0..<60 { bytes = hex("84 a16e") + bytes + hex("a178 01 a178 02 a179 03") }
        var node = try MessagePackDecoder.decode(Node?.self, from: bytes)
        var depth = 0
        while let next = node {
            node = next.n
            depth += 1
        }
        #expect(depth == 61)
    }

    @Test("Integer keys stand for coding keys with a number")
    func integerKeys() throws {
        enum Numbered: Int, CodingKey { case one = 1, two = 2 }
        struct Reader: Decodable {
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Numbered.self)
                #expect(try container.decode(String.self, forKey: .one) == "a")
                #expect(try container.decode(String.self, forKey: .two) == "b")
                #expect(container.allKeys.count == 2)
            }
        }
        _ = try decode([2: "b", 1: "a"], as: Reader.self)
        _ = try decode([2: "b", "one": "a"], as: Reader.self)
    }

    @Test("Containers can be read by hand")
    func containers() throws {
        struct Reader: Decodable {
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Name.self)
                var list = try container.nestedUnkeyedContainer(forKey: Name(stringValue: "list"))
                #expect(list.count == 5)
                #expect(try list.decode(Int8.self) == 1)
                #expect(try list.decodeNil())
                #expect(try !list.decodeNil())
                let inner = try list.nestedContainer(keyedBy: Name.self)
                #expect(try inner.decode(String.self, forKey: Name(stringValue: "k")) == "v")
                var nested = try list.nestedUnkeyedContainer()
                #expect(nested.isAtEnd)
                #expect(code { _ = try nested.decode(Int.self) } == .valueMissing)
                let last = try list.superDecoder().singleValueContainer()
                #expect(last.decodeNil() == false)
                #expect(try last.decode([UInt8].self) == [1, 2])
                #expect(list.isAtEnd)
                #expect(try container.superDecoder().singleValueContainer().decode(Bool.self))
                #expect(try container.superDecoder(forKey: Name(stringValue: "s")).unkeyedContainer().count == 0)
                #expect(try container.decodeNil(forKey: Name(stringValue: "none")))
                #expect(code { _ = try container.decodeNil(forKey: Name(stringValue: "x")) } == .keyMissing)
            }
        }
        _ = try decode(
            ["list": [1, nil, ["k": "v"], [], [1, 2]], "none": nil, "super": true, "s": []], as: Reader.self)
    }

    @Test("Binary data and arrays of integers are bytes")
    func bytes() throws {
        #expect(try decode(.binary([1, 255]), as: [UInt8].self) == [1, 255])
        #expect(try decode([1, 255], as: [UInt8].self) == [1, 255])
        #expect(code { _ = try self.decode([1, 256], as: [UInt8].self) } == .outOfRange)
        #expect(code { _ = try self.decode("ab", as: [UInt8].self) } == .typeMismatch)
    }

    @Test("The error for an integer that does not fit names the type", arguments: [128, -129] as [Value])
    func integers(value: Value) throws {
        #expect(try decode(value, as: Int16.self) == Int16(value.intValue ?? 0))
        let error = #expect(throws: MessagePackError.self) { try decode(["x": [value]], as: [String: [Int8]].self) }
        #expect(error?.code == .outOfRange)
        #expect(error?.message == "\(value) does not fit Int8 (-128 to 127)")
        #expect(error?.description.contains("in x[0]") == true)
    }

    @Test("Numbers convert where they fit")
    func numbers() throws {
        #expect(try decode(5, as: Double.self) == 5)
        #expect(try decode(.float(0.5), as: Double.self) == 0.5)
        #expect(try decode(0.1, as: Float.self) == 0.1)
        #expect(try decode(.uint(.max), as: UInt.self) == .max)
        #expect(code { _ = try self.decode(5.0, as: Int.self) } == .typeMismatch)
        #expect(code { _ = try self.decode(.int(.max), as: Double.self) } == .outOfRange)
        #expect(code { _ = try self.decode(16_777_217, as: Float.self) } == .outOfRange)
        #expect(code { _ = try self.decode(-1, as: UInt64.self) } == .outOfRange)
        #expect(code { _ = try self.decode(1, as: Bool.self) } == .typeMismatch)
    }

    @Test("Errors say what, where and why")
    func errors() throws {
        let bytes = try (["a": 1, "b": "x", "c": [1, "two"]] as Value).encoded()
        let error = #expect(throws: MessagePackError.self) {
            try MessagePackDecoder.decode([Record].self, from: [0x91] + bytes)
        }
        #expect(error?.description == "expected an integer, found a string (at byte 13, in [0].c[1])")
        let missing = #expect(throws: MessagePackError.self) {
            try decode(["x": ["b": "x"]], as: [String: Record].self)
        }
        #expect(missing?.code == .keyMissing)
        #expect(missing?.description == "the map has no key \"a\" (in x.a)")
        let null = #expect(throws: MessagePackError.self) { try decode(["a": nil], as: Record.self) }
        #expect(null?.code == .valueMissing)
        #expect(code { _ = try self.decode(["a": 1, "b": 5], as: Record.self) } == .typeMismatch)
        #expect(code { _ = try self.decode([1], as: Record.self) } == .typeMismatch)
        #expect(code { _ = try self.decode(["a": 1], as: [Record].self) } == .typeMismatch)
        let path: [any CodingKey] = [Name(stringValue: "text")]
        let located = try #require(throws: MessagePackError.self) {
            try bytes.withUnsafeBytes { try MessagePackDecoder.decode(Int.self, from: $0, codingPath: path) }
        }
        #expect(located.codingPath.map(\.stringValue) == ["text"])
    }

    @Test("A decoder or container that outlives its decoding is harmless")
    func escaped() throws {
        final class Keeper: Decodable {
            let decoder: any Decoder
            let keyed: KeyedDecodingContainer<Name>
            var list: any UnkeyedDecodingContainer
            init(from decoder: any Decoder) throws {
                self.decoder = decoder
                keyed = try decoder.container(keyedBy: Name.self)
                list = try keyed.nestedUnkeyedContainer(forKey: Name(stringValue: "l"))
            }
        }
        let keeper = try decode(["l": [1, 2], "m": 3], as: Keeper.self)
        let key = Name(stringValue: "m")
        #expect(code { _ = try keeper.keyed.decode(Int.self, forKey: key) } == .misuse)
        #expect(code { _ = try keeper.keyed.decode([Int].self, forKey: key) } == .misuse)
        #expect(code { _ = try keeper.keyed.nestedUnkeyedContainer(forKey: key) } == .misuse)
        #expect(code { _ = try keeper.list.decode(Int.self) } == .misuse)
        #expect(code { _ = try keeper.list.decodeNil() } == .misuse)
        #expect(code { _ = try keeper.decoder.unkeyedContainer() } == .misuse)
        #expect(code { _ = try keeper.decoder.singleValueContainer().decode(Value.self) } == .misuse)
        #expect(!keeper.keyed.contains(key))
        #expect(keeper.keyed.allKeys.isEmpty)
        #expect(try !keeper.decoder.singleValueContainer().decodeNil())
    }

    @Test("A reader decodes types in the middle of a message, and can skip values that don't fit")
    func inReader() throws {
        let bytes = try Value.array(["y", [.embedded([0xc0])], "x", ["a": 1], 5]).encoded()
        try Reader.withReader(over: bytes) { reader in
            _ = try reader.readArrayHeader()
            #expect(code { _ = try reader.decode(Int.self) } == .typeMismatch)
            try reader.skip()
            #expect(code { _ = try reader.decode([Record].self) } == .valueMissing)
            try reader.skip()
            #expect(try reader.decode(String.self) == "x")
            #expect(try reader.decode(Record.self) == Record(a: 1))
            #expect(try reader.decode(Int.self) == 5)
            try reader.finish()
        }
    }

    @Test("A map that is missing from the input is an error", arguments: [[], [0x91], [0x92, 0x80]] as [[UInt8]])
    func truncatedMap(bytes: [UInt8]) {
        #expect(throws: (any Error).self) {
            if bytes.isEmpty {
                _ = try MessagePackDecoder.decode(Map.self, from: bytes)
            } else {
                _ = try MessagePackDecoder.decode([Map].self, from: bytes)
            }
        }
    }
}
