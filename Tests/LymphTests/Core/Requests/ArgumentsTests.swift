import MessagePack
import Testing

@testable import Lymph

@Suite("Parameters and arguments")
struct ArgumentsTests {
    /// Reads a body and hands its arguments to `body`.
    private func with<R>(_ encoded: [UInt8], _ names: [String], _ body: (inout Arguments) throws -> R) throws -> R {
        var arguments = try Arguments(.bytes(encoded), names.map { ErasedParameter($0, Value.self) })
        return try body(&arguments)
    }

    private func with<R>(_ value: Value, _ names: [String], _ body: (inout Arguments) throws -> R) throws -> R {
        try with(try value.encoded(), names, body)
    }

    private func message(_ body: () throws -> some Any) -> String {
        #expect(throws: ArgumentError.self) { _ = try body() }?.description ?? ""
    }

    @Test("arguments are found by their names, in any order, as str or bin", arguments: [Wire.str, Wire.bin])
    func names(spell: @Sendable (String) -> [UInt8]) throws {
        let body = Wire.map((spell("b"), Wire.str("x")), (spell("c"), [0xc3]), (spell("a"), [7]))
        try with(body, ["a", "b", "c"]) { (arguments: inout Arguments) throws in
            #expect(try arguments.decode(Parameter<Int>("a")) == 7)
            #expect(try arguments.decode(Parameter<String>("b")) == "x")
            #expect(try arguments.decode(Parameter<Bool>("c")) == true)
        }
    }

    @Test("of two arguments with one name the last counts")
    func duplicates() throws {
        let body = Wire.map((Wire.str("a"), [1]), (Wire.bin("a"), [2]), (Wire.str("a"), [3]))
        #expect(try with(body, ["a"]) { try $0.decode(Parameter<Int>("a")) } == 3)
        let bad = Wire.map((Wire.str("a"), [1]), (Wire.str("a"), Wire.str("x")))
        #expect(throws: ArgumentError.self) { try with(bad, ["a"]) { try $0.decode(Parameter<Int>("a")) } }
    }

    @Test("missing arguments get their default or nil")
    func missing() throws {
        try with([:] as Value, ["a", "b", "c", "d", "e"]) { (arguments: inout Arguments) throws in
            #expect(try arguments.decode(Parameter<Int>("a", default: 5)) == 5)
            #expect(try arguments.decode(Parameter<Int?>("b")) == nil)
            #expect(try arguments.decode(Parameter<Int?>("c", default: 6)) == 6)
            #expect(try arguments.decode(Parameter<Int?>("d", default: nil)) == nil)
            #expect(try arguments.decode(Parameter<Value>("e", default: .nil)) == .nil)
        }
        #expect(
            message { try with([:] as Value, ["a"]) { try $0.decode(Parameter<Int>("a")) } } == #"missing argument "a""#
        )
        // A Value can be nil, but is not an Optional.
        #expect(
            message { try with([:] as Value, ["a"]) { try $0.decode(Parameter<Value>("a")) } }
                == #"missing argument "a""#)
        #expect(
            message { try with([:] as Value, ["a"]) { try $0.decode(Parameter<[Int?]>("a")) } }
                == #"missing argument "a""#)
    }

    @Test("whether an argument may be missing is known without its type, too")
    func missingErased() throws {
        let parameters = [
            Parameter<Int>("a", default: 5).erased, Parameter<Int?>("b").erased,
            Parameter<Int?>("c", default: 6).erased, Parameter<Value>("d", default: .nil).erased,
        ]
        var arguments = try Arguments(.bytes([0x80]), parameters)
        #expect(try arguments.next() == 5)
        #expect(try arguments.next() == Int?.none)
        #expect(try arguments.next() == Int?.some(6))
        #expect(try arguments.next() == Value.nil)
        for parameter in [Parameter<Int>("a").erased, ErasedParameter("a", Int.self)] {
            var arguments = try Arguments(.bytes([0x80]), [parameter])
            #expect(message { try arguments.next() as Int } == #"missing argument "a""#)
        }
        var given = try Arguments(.bytes(Wire.map((Wire.str("a"), [1]))), [Parameter("a", default: 5).erased])
        #expect(try given.next() == 1)
    }

    @Test("nil is given, not missing")
    func explicitNil() throws {
        #expect(try with(["a": nil], ["a"]) { try $0.decode(Parameter<Int?>("a", default: 6)) } == nil)
        #expect(try with(["a": nil], ["a"]) { try $0.decode(Parameter<Value>("a")) } == .nil)
        #expect(
            message { try with(["a": nil], ["a"]) { try $0.decode(Parameter<Int>("a", default: 5)) } }
                .hasPrefix(#"argument "a" is not a Int: "#))
    }

    @Test("a default does not replace a given argument")
    func given() throws {
        #expect(try with(["a": 1], ["a"]) { try $0.decode(Parameter<Int>("a", default: 5)) } == 1)
        #expect(try with(["a": 1], ["a"]) { try $0.decode(Parameter<Int?>("a")) } == 1)
    }

    @Test("an argument of another type is refused")
    func types() {
        #expect(
            message { try with(["a": "x"], ["a"]) { try $0.decode(Parameter<Int>("a")) } }
                .hasPrefix(#"argument "a" is not a Int: "#))
        #expect(
            message { try with(["a": 300], ["a"]) { try $0.decode(Parameter<UInt8>("a")) } }
                .hasPrefix(#"argument "a" is not a UInt8: "#))
    }

    @Test("an unknown argument is refused")
    func unknown() {
        #expect(message { try with(["b": 1], ["a"]) { _ in } } == #"unknown argument "b"; it takes a"#)
        #expect(
            message { try with(["a": 1, "A": 1], ["a", "b"]) { _ in } } == #"unknown argument "A"; it takes a, b"#)
        #expect(message { try with(["a": 1], []) { _ in } } == #"unknown argument "a"; it takes none"#)
        #expect(message { try with(["": 1], []) { _ in } } == #"unknown argument ""; it takes none"#)
        let long = Value.map(Map([(.string(String(repeating: "x", count: 1000)), 1)]))
        #expect(message { try with(long, []) { _ in } }.utf8.count < 120)
    }

    @Test(
        "a body that is not a map of names is refused",
        arguments: [
            [], [0xc0], [0x90], [0xa1, 0x61], [0x01], [0xc1], [0x81], [0x81, 0xa1, 0x61], [0x80, 0x80],
            [0x81, 0x01, 0x01], [0x81, 0xa1, 0xff, 0x01], [0xdf, 0xff, 0xff, 0xff, 0xff], [0x81, 0xa1, 0x61, 0xc1],
        ] as [[UInt8]])
    func noMap(body: [UInt8]) {
        #expect(message { try with(body, ["a"]) { _ in } }.hasPrefix("the body is not a map of arguments: "))
    }

    @Test("bodies of any bytes are read or refused")
    func random() throws {
        var random = SplitMix64(seed: 10)
        let value: Value = ["a": [1, "x"], "b": ["c": nil], "d": 1.5]
        let start = try value.encoded()
        for _ in 0..<5000 {
            var body = start
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                body[Int.random(in: 0..<body.count, using: &random)] = UInt8(truncatingIfNeeded: random.next())
            }
            do {
                try with(body, ["a", "b", "d"]) { arguments in
                    _ = try arguments.decode(Parameter<Value>("a"))
                    _ = try arguments.decode(Parameter<[String: Value?]>("b"))
                    _ = try arguments.decode(Parameter<Double>("d"))
                }
            } catch is ArgumentError {
            } catch {
                Issue.record("\(error) for \(body)")
            }
        }
    }

    @Test("a parameter is made from its name")
    func parameters() {
        let literal: Parameter<Int> = "text"
        #expect(literal.name == "text")
        #expect(literal.absent == nil)
        let optional: Parameter<Int?> = "text"
        #expect(optional.absent == .some(nil))
        #expect(Parameter<Int?>("text").absent == .some(nil))
        #expect(Parameter<String>("text").absent == nil)
        #expect(Parameter("text", default: 7).absent == 7)
    }
}
