import MessagePack
import Testing

@Suite("Value")
struct ValueTests {
    @Test("Literals create the plain cases")
    func literals() {
        let value: Value = ["text": "foo", "list": [1, -2.5, true, nil], "empty": [:]]
        #expect(value["text"] == .string("foo"))
        #expect(value["list"] == .array([.int(1), .double(-2.5), .bool(true), .nil]))
        #expect(value["empty"] == .map(Map()))
        let name = "x"
        #expect("a\(name)" as Value == .string("ax"))
    }

    @Test("Subscripts find elements and nothing else")
    func subscripts() {
        let value: Value = ["list": [10, 20], 5: "five"]
        #expect(value["list"]?[1] == 20)
        #expect(value["list"]?[2] == nil)
        #expect(value["list"]?[-1] == nil)
        #expect(value["missing"] == nil)
        #expect(value[Value.int(5)] == "five")
        #expect(value[0] == nil)
        #expect(Value.nil["a"] == nil)
    }

    @Test("A name is found as Python 2 writes it")
    func binaryNames() {
        let value: Value = .map([.binary(utf8("version")): "1.0"])
        #expect(value["version"] == "1.0")
    }

    @Test("Accessors return the content of their own case only")
    func accessors() {
        #expect(Value.int(5).intValue == 5)
        #expect(Value.uint(5).intValue == 5)
        #expect(Value.uint(.max).intValue == nil)
        #expect(Value.uint(.max).uintValue == .max)
        #expect(Value.int(-1).uintValue == nil)
        #expect(Value.double(5).intValue == nil)
        #expect(Value.int(5).doubleValue == 5)
        #expect(Value.int((1 << 53) + 1).doubleValue == nil)
        #expect(Value.float(0.5).doubleValue == 0.5)
        #expect(Value.string("a").stringValue == "a")
        #expect(Value.binary([0x61]).stringValue == "a")
        #expect(Value.binary([0xff]).stringValue == nil)
        #expect(Value.string("a").binaryValue == nil)
        #expect(Value.set([1]).arrayValue == [1])
        #expect(Value.bool(true).boolValue == true)
        #expect(Value.int(1).boolValue == nil)
        #expect(Value.nil.isNil && !Value.undefined.isNil)
        #expect(Value.map(["a": 1]).mapValue?.count == 1)
    }

    @Test("Equality ignores how integers are stored, the order of sets and maps, and the kind of NaN")
    func equality() {
        #expect(Value.uint(5) == .int(5))
        #expect(Value.uint(5).hashValue == Value.int(5).hashValue)
        #expect(Value.uint(.max) != .int(-1))
        #expect(Value.set([1, 2, 2]) == .set([2, 1]))
        #expect(["a": 1, "b": 2] as Value == ["b": 2, "a": 1])
        #expect((["a": 1, "b": 2] as Value).hashValue == (["b": 2, "a": 1] as Value).hashValue)
        #expect(Value.double(.nan) == .double(-.nan))
        #expect(Value.double(.nan).hashValue == Value.double(.signalingNaN).hashValue)
        #expect(Value.float(.nan) == .float(-.nan))
        #expect(Value.float(.nan).hashValue == Value.float(.signalingNaN).hashValue)
        #expect(Value.double(0) == .double(-0.0))
        #expect(Value.double(1) != .int(1))
        #expect(Value.double(1) != .float(1))
    }

    @Test("Strings are compared by their bytes")
    func stringEquality() {
        #expect(Value.string("e\u{301}") != .string("\u{e9}"))
        #expect(Value.string("\u{e9}") == .string("é"))
    }

    @Test("Nested sets are hashed and compared in linear time", .timeLimit(.minutes(1)))
    func nestedSets() {
        func nested(_ depth: Int) -> Value { (0..<depth).reduce(1) { inner, _ in .set([inner, 2]) } }
        #expect(nested(200).hashValue == nested(200).hashValue)
        #expect(nested(200) == nested(200))
        #expect(nested(200) != nested(199))
        #expect(Value.set([1, 2, 1]).hashValue == Value.set([2, 1]).hashValue)
    }

    @Test("A value stays small, because a message may have thousands")
    func layout() {
        #expect(MemoryLayout<Value>.stride == 24)
    }

    @Test("Values convert to types and back")
    func typed() throws {
        struct Point: Codable, Equatable { var x: Int, y: Double? }
        let value = try Value(encoding: Point(x: 1, y: 2.5))
        #expect(value == ["x": 1, "y": 2.5])
        #expect(try value.decode(Point.self) == Point(x: 1, y: 2.5))
        #expect(try value.decode() == ["x": 1.0, "y": 2.5])
        #expect(try Value.string("a").decode(String.self) == "a")
        #expect(code { _ = try Value.string("a").decode(Int.self) } == .typeMismatch)
    }

    @Test("A map that must not be sent can still be decoded")
    func unknownObject() throws {
        let value: Value = ["__type__": "Money", "_": "5 EUR"]
        #expect(try value.decode([String: String].self) == ["__type__": "Money", "_": "5 EUR"])
    }
}
