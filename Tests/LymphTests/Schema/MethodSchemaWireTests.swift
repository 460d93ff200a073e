import MessagePack
import Testing

@testable import Lymph

extension MethodSchema {
    /// What `lymph.inspect` says about the method.
    var wire: Value { .map(Map(wireFields.map { (.string($0.name), $0.value) })) }
}

struct MethodSchemaWireTests {
    @Test(arguments: Golden.all)
    func everySchemaComesBack(golden: Golden) throws {
        let method = MethodSchema(
            of: [
                .init("a", golden.type), .init("b", [Line]?.self, absent: .some([Line]?.none)),
                .init("c", Int.self, absent: 3),
            ],
            returning: golden.type,
            raises: [SoldOut.self, Picky.Wrong.self],
            isIdempotent: false)
        let received = try Value(decoding: method.wire.encoded())
        #expect(MethodSchema(received, parameters: ["a", "b", "c"]) == method)
    }

    @Test func theFormIsCompact() {
        let method = MethodSchema(
            of: [.init("lines", [Line].self), .init("note", String?.self, absent: .some(String?.none))],
            returning: Int.self,
            raises: [])
        #expect(
            method.wire == [
                "types": ["lines": ["list", ["ref", "Line"]], "note": ["optional", "string"]],
                "defaults": ["note": nil],
                "returns": "int64",
                "defs": [
                    [
                        "Line", "object",
                        [["sku", "string"], ["quantity", "int64"], ["note", ["optional", "string"], false]],
                    ]
                ],
            ])
    }

    @Test func aServiceMaySayNothing() {
        let python: Value = ["name": "echo.upper", "params": ["text"], "help": "", "version": "None"]
        #expect(MethodSchema(python, parameters: ["text"]) == nil)
        #expect(MethodSchema(.nil, parameters: []) == nil)
        #expect(MethodSchema([1, 2], parameters: []) == nil)
    }

    @Test(
        "what a newer version may say is opaque",
        arguments: [
            ("int128", "int128"), (["stream", "int64"], "stream"), (["list"], "list"), (["list", "int64", 1], "list"),
            (["list", ["later"]], "[later]"), ([], "?"), (3, "?"), (["map", "string"], "map"), ([1, 2], "?"),
            (["ref", 1], "?"), (["opaque", []], "?"), (nil, "?"), (["optional", ["optional", "bool"]], "Bool?"),
        ] as [(Value, String)])
    func opaque(wire: Value, text: String) {
        #expect(TypeSchema(wire: wire).description == text)
    }

    @Test func depthIsLimited() {
        let deep = (0..<60).reduce(Value.string("bool")) { type, _ in ["list", type] }
        let text = TypeSchema(wire: deep).description
        #expect(text == String(repeating: "[", count: 16) + "…" + String(repeating: "]", count: 16))
    }

    @Test func theNumberOfPartsIsLimited() {
        let wide = (0..<8).reduce(Value.string("bool")) { type, _ in
            .array([.string("tuple")] + Array(repeating: type, count: 10))
        }
        #expect(TypeSchema(wire: wide).description.utf8.count < 100_000)
        let names = (0..<100_000).map { Value.array([.string("n\($0)"), "object", []]) }
        let method = MethodSchema(
            ["returns": ["ref", "n0"], "defs": .array(names), "raises": .array(names)], parameters: [])
        #expect(method?.raises.count ?? 0 <= 5000)
        let fields = Value.array((0..<100_000).map { ["f\($0)", "bool"] })
        let large = MethodSchema(["returns": ["ref", "n"], "defs": [["n", "object", fields]]], parameters: [])
        #expect(large?.definitions.first?.isComplete == false)
        let texts = Value.array(Array(repeating: "t", count: 100_000))
        let long = MethodSchema(["returns": ["ref", "n"], "defs": [["n", "enum", texts]]], parameters: [])
        #expect(long?.definitions.first?.text.utf8.count ?? 0 < 100_000)
    }

    @Test func namesAreCut() {
        let name = Value.string(String(repeating: "x", count: 10_000))
        #expect(TypeSchema(wire: ["opaque", name]).description.utf8.count == 200)
        #expect(TypeSchema(wire: name).description.utf8.count == 200)
    }

    @Test(
        "wrong types are passed over",
        arguments: [
            ["types": 1], ["types": [1: 2], "returns": ["a": 1]], ["raises": [1, [], [2], ["E", 1, ["f"], [1, 2]]]],
            [
                "returns": "bool",
                "defs": [1, [], ["a"], ["a", 1, 2], ["b", "object", [1, [1], [1, 2]]], [1, 2, 3]],
            ],
            ["idempotent": "yes", "returns": ["ref", "a"], "defs": [["a", "later", [1]]]],
            ["returns": ["ref", "a"], "defs": [["a", "enum", [1, "x", nil]], ["a", "alias", []]]],
        ] as [Value])
    func wrongTypes(wire: Value) {
        let method = MethodSchema(wire, parameters: ["a", "a"])
        _ = method?.signature("f")
        _ = method?.notes
        _ = method?.json { _ in .null }
        #expect(method?.parameters.count ?? 2 == 2)
    }

    @Test func anyBytesAreRead() throws {
        let method = MethodSchema(of: [.init("a", Order.self)], returning: Shape.self, raises: [])
        let bytes = try method.wire.encoded()
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0..<3 { damaged[Int.random(in: damaged.indices, using: &random)] = .random(in: 0...255) }
            guard let value = try? Value(decoding: damaged) else { continue }
            _ = MethodSchema(value, parameters: ["a"])?.notes
        }
    }
}
