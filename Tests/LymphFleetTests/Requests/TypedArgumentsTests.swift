import Lymph
import MessagePack
import Testing

@testable import LymphFleet

/// Arguments that are read as the types of a method have them.
@Suite("Typed arguments")
struct TypedArgumentsTests {
    private static let definitions: [TypeDefinition] = [
        .init(
            "Line",
            .object([
                .init("sku", .named("SKU")), .init("quantity", .scalar(.int8)),
                .init("note", .scalar(.string), isRequired: false),
            ])),
        .init("SKU", .alias(.scalar(.string))),
        .init("State", .texts(["open", "closed"])),
        .init("Level", .numbers([1, 2])),
        .init("Transport", .choice([.init("foot"), .init("bus", [.init("line", .scalar(.int64))])])),
        .init("Partly", .object([.init("a", .scalar(.int64))]), isComplete: false),
        .init("Loop", .alias(.named("Loop"))),
    ]

    private static func typed(
        _ given: GivenArguments, _ parameters: [(String, TypeSchema)], isRequired: Bool = true
    ) throws(FleetFailure) -> TypedArguments {
        let schema = MethodSchema(
            parameters: parameters.map { ParameterSchema($0.0, $0.1, isRequired: isRequired) },
            result: .scalar(.nil), definitions: definitions)
        let method = Inspection.Method(
            name: "a.place", version: nil, parameters: parameters.map(\.0), help: "", schema: schema)
        return try TypedArguments(given, for: method, schema)
    }

    private static func given(_ text: String, _ name: String = "x") throws -> GivenArguments {
        var given = GivenArguments()
        given[name] = .json(try JSONParser.parse(Array(text.utf8)))
        return given
    }

    private static func decimal(_ value: Int) -> Value { .decimal(ExactDecimal(value)) }

    private static let values: [(TypeSchema, String, Value?)] = [
        (.scalar(.decimal), #""1.50""#, ExactDecimal("1.50").map(Value.decimal)),
        (.scalar(.decimal), "2", decimal(2)), (.scalar(.decimal), "0.1", ExactDecimal("0.1").map(Value.decimal)),
        (
            .scalar(.uuid), #""f81d4fae-7dec-11d0-a765-00a0c91e6bf6""#,
            UniqueIdentifier("f81d4fae-7dec-11d0-a765-00a0c91e6bf6").map(Value.uuid)
        ),
        (.scalar(.date), #""2015-11-23""#, CalendarDate("2015-11-23").map(Value.date)),
        (.scalar(.datetime), #""2015-11-23T12:34:56""#, DateTime("2015-11-23T12:34:56").map(Value.datetime)),
        (.scalar(.instant), #""2015-11-23T12:34:56Z""#, DateTime("2015-11-23T12:34:56Z").map(Value.datetime)),
        (.scalar(.time), #""12:34:56""#, TimeOfDay("12:34:56Z").map(Value.time)),
        (
            .scalar(.timestamp), #""1.500000000""#,
            Timestamp(seconds: 1, nanoseconds: 500_000_000).map(Value.timestamp)
        ),
        (.scalar(.bytes), #""AQID""#, .binary([1, 2, 3])),
        (.scalar(.number), #""-Infinity""#, .double(-.infinity)), (.scalar(.number), "1", .int(1)),
        (.scalar(.int8), "-128", .int(-128)), (.scalar(.int64), "3.0", .int(3)),
        (.scalar(.uint64), "18446744073709551615", .uint(.max)),
        (.scalar(.bool), "true", true), (.scalar(.string), #""1.50""#, "1.50"),
        (.scalar(.any), #"{"a": ["1.50", 1.0]}"#, ["a": ["1.50", .double(1)]]),
        (.optional(.scalar(.uuid)), "null", .nil), (.optional(.scalar(.decimal)), "2", decimal(2)),
        (.list(.scalar(.decimal)), "[1, 2]", [decimal(1), decimal(2)]),
        (.set(.scalar(.int64)), "[1]", [1]),
        (.set(.scalar(.int64)), #"{"__type__": "set", "_": [1]}"#, .set([1])),
        (.map(key: .scalar(.int64), value: .scalar(.decimal)), #"{"7": 1}"#, .map([.int(7): decimal(1)])),
        (.map(key: .scalar(.string), value: .scalar(.int64)), #"{"7": 1}"#, ["7": 1]),
        (.tuple([.scalar(.int64), .scalar(.decimal)]), "[1, 1]", [1, decimal(1)]),
        (.named("Line"), #"{"sku": "a", "quantity": 1}"#, ["sku": "a", "quantity": 1]),
        (.named("State"), #""open""#, "open"), (.named("Level"), "2", 2),
        (.named("Transport"), #"{"bus": {"line": 3}}"#, ["bus": ["line": 3]]),
        (.named("Transport"), #""foot""#, ["foot": [:]]), (.named("Transport"), #"{"foot": {}}"#, ["foot": [:]]),
        (.named("Partly"), #"{"a": 1, "b": "2"}"#, ["a": 1, "b": "2"]),
        (.named("Loop"), "1", 1), (.named("Unknown"), #""a""#, "a"), (.opaque("?"), #""a""#, "a"),
        (.scalar(.decimal), #"{"__type__": "Decimal", "_": "1"}"#, decimal(1)),
    ]

    @Test("a document becomes what the type wants", arguments: values.indices)
    func reads(index: Int) throws {
        let (type, text, value) = Self.values[index]
        let typed = try Self.typed(Self.given(text), [("x", type)])
        // Equal values may differ in type.
        #expect(typed.body["x"].map { "\($0)" } == value.map { "\($0)" })
        #expect(typed.body["x"] == value)
        #expect(typed.notes == [])
    }

    private static let mistakes: [(TypeSchema, String, String)] = [
        (.scalar(.int64), #""two""#, #"x takes Int, not "two""#),
        (.scalar(.int8), "128", "x takes Int8 (-128 to 127), not 128"),
        (.scalar(.uint8), "-1", "x takes UInt8 (0 to 255), not -1"),
        (.scalar(.uint64), "1.5", "x takes UInt, not 1.5"),
        (.scalar(.string), "5", "x takes a string, not 5"), (.scalar(.bool), "1", "x takes true or false, not 1"),
        (.scalar(.number), #""1""#, #"x takes a number, not "1""#), (.scalar(.nil), "1", "x takes null, not 1"),
        (.scalar(.date), #""tomorrow""#, #"x takes CalendarDate, such as "2015-11-23", not "tomorrow""#),
        (
            .scalar(.decimal), "0.12345678901234567",
            #"x takes Decimal, such as "1.50", in quotes if it has more than 15 digits, not 0.12345678901234566"#
        ),
        (
            .scalar(.instant), #""2015-11-23T12:34:56""#,
            #"x takes Date with its offset from UTC, such as "2015-11-23T12:34:56+0530", not "2015-11-23T12:34:56""#
        ),
        (
            .scalar(.decimal), #"{"__type__": "UUID", "_": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}"#,
            #"not {"_": "f81d4fae-"#
        ),
        (.optional(.scalar(.int8)), #""a""#, #"x takes Int8, not "a""#),
        (.list(.scalar(.int8)), #"[1, "a"]"#, #"x[1] takes Int8, not "a""#),
        (.list(.scalar(.int8)), "1", "x takes [Int8], not 1"),
        (.tuple([.scalar(.int64)]), "[]", "x takes an array of 1: (Int), not []"),
        (.map(key: .scalar(.int64), value: .scalar(.bool)), #"{"a": true}"#, #"x takes Int, not "a""#),
        (.named("Line"), "[]", "x takes Line, an object of sku: SKU, quantity: Int8, note: String?, not []"),
        (.named("Line"), #"{"sku": "a"}"#, "x.quantity: Int8 is missing"),
        (.named("Line"), #"{"sku": 1, "quantity": 1}"#, "x.sku takes a string, not 1"),
        (.named("State"), #""opne""#, #"x takes "open" | "closed", not "opne"; did you mean open?"#),
        (.named("Level"), "3", "x takes 1 | 2, not 3"),
        (
            .named("Transport"), #"{"train": {}}"#,
            #"x takes Transport, an object with one of foot | bus(line: Int), not {"train": {}}"#
        ),
        (.named("Transport"), #""bus""#, #"not "bus"; did you mean bus?"#),
        (.scalar(.any), #"{"__type__": "nix", "_": 1}"#, "there is no __type__ \"nix\""),
    ]

    @Test("what doesn't fit is explained", arguments: mistakes.indices)
    func explains(index: Int) throws {
        let (type, text, message) = Self.mistakes[index]
        let failure = #expect(throws: FleetFailure.self) { try Self.typed(Self.given(text), [("x", type)]) }
        #expect(failure?.kind == .invalidJSON)
        #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
        #expect(failure?.message.hasPrefix("a.place: ") == true)
    }

    @Test("all mistakes are named, and how the method is called")
    func all() throws {
        var given = try Self.given(#"[{"sku": "a", "quantity": 300, "qty": 1}, {}]"#, "lines")
        given["nte"] = .text("x")
        let failure = try #require(
            #expect(throws: FleetFailure.self) {
                try Self.typed(given, [("lines", .list(.named("Line"))), ("note", .scalar(.string))])
            })
        #expect(failure.message == "a.place: 4 mistakes in the arguments")
        #expect(
            failure.details == [
                "  lines[0].quantity takes Int8 (-128 to 127), not 300", "  lines[1].sku: SKU is missing",
                "  lines[1].quantity: Int8 is missing", "  there is no parameter nte; did you mean note?",
                "", "  place(lines: [Line], note: String)",
                "    Line: sku: SKU, quantity: Int8, note: String?", "    SKU: String",
            ])
    }

    @Test("many mistakes don't fill the screen, and text from elsewhere is no escape sequence")
    func bounded() throws {
        let text = "[" + Array(repeating: #""a\u001b""#, count: 1000).joined(separator: ",") + "]"
        let failure = try #require(
            #expect(throws: FleetFailure.self) {
                try Self.typed(Self.given(text), [("x", .list(.scalar(.int8)))])
            })
        #expect(failure.details.count == 23)
        #expect(failure.details[20] == "  and 980 more")
        #expect(failure.details.allSatisfy { !$0.contains("\u{1b}") })
    }

    @Test("a member that would be ignored is pointed out")
    func ignored() throws {
        let given = try Self.given(#"{"sku": "a", "quantity": 1, "nota": "b"}"#)
        let typed = try Self.typed(given, [("x", .named("Line"))])
        #expect(typed.notes == ["x.nota is unknown and ignored; did you mean note?"])
    }

    @Test("an optional argument may be missing")
    func missing() throws {
        #expect(try Self.typed(GivenArguments(), [("x", .optional(.scalar(.bool)))]).body == [:])
        #expect(try Self.typed(GivenArguments(), [("x", .scalar(.bool))], isRequired: false).body == [:])
    }

    @Test(
        "text needs no quotes",
        arguments: [
            (.scalar(.string), "1", "1"), (.scalar(.int8), "1", 1), (.scalar(.decimal), "1.50", nil),
            (.optional(.scalar(.string)), "null", "null"), (.optional(.scalar(.int8)), "null", .nil),
            (.named("SKU"), "true", "true"), (.named("State"), "open", "open"), (.list(.scalar(.int8)), "[1]", [1]),
            (.scalar(.any), "a b", "a b"), (.scalar(.any), "[1, 2]", [1, 2]),
            (.named("Transport"), "foot", ["foot": [:]]),
        ] as [(TypeSchema, String, Value?)])
    func text(type: TypeSchema, text: String, value: Value?) throws {
        var given = GivenArguments()
        given["x"] = .text(text)
        let expected = try value ?? .decimal(#require(ExactDecimal(text)))
        #expect(try Self.typed(given, [("x", type)]).body["x"] == expected)
    }

    @Test("without types, text is JSON if it can be")
    func untyped() throws {
        var given = GivenArguments()
        given["a"] = .text("1")
        given["b"] = .text("one")
        given["c"] = .json(["__type__": "Decimal", "_": "1"])
        #expect(try given.untyped() == ["a": 1, "b": "one", "c": Self.decimal(1)])
        given["c"] = .json(["__type__": "nix"])
        let failure = #expect(throws: FleetFailure.self) { _ = try given.untyped() }
        #expect(failure?.message.hasPrefix(".c: ") == true)
    }
}
