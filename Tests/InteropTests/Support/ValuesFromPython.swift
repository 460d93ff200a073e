import MessagePack
import Testing

/// A value that `values.py` makes, and what Swift gets.
struct ValueFromPython: Sendable, CustomTestStringConvertible {
    /// Its name there.
    let kind: String
    let value: Value
    /// Whether Python gets the same value back when Swift returns it. A tuple, for example, comes back as a list.
    let isSameInPython: Bool

    var testDescription: String { kind }
}

enum ValuesFromPython {
    static let all: [ValueFromPython] = table.map { kind, value in
        ValueFromPython(kind: kind, value: value, isSameInPython: !changed.contains(kind))
    }

    /// What Python's own serializer changes when it writes.
    private static let changed: Set<String> = ["tuple", "datetime with microseconds", "embedded"]

    private static let table: [(String, Value)] = scalars + containers + objects

    private static let scalars: [(String, Value)] = [
        ("none", nil),
        ("true", true),
        ("false", false),
        ("zero", 0),
        ("largest fixint", 127),
        ("smallest fixint", -32),
        ("uint8", 255),
        ("int8", -128),
        ("int16", -32768),
        ("int32", -2_147_483_648),
        ("largest int64", .int(.max)),
        ("smallest int64", .int(.min)),
        ("largest uint64", .uint(.max)),
        ("float", 0.1),
        ("negative zero", -0.0),
        ("infinity", .double(.infinity)),
        ("nan", .double(.nan)),
        ("text", "Zażółć gęślą jaźń 😀\0"),
        ("empty text", ""),
        ("long text", .string(String(repeating: "x", count: 70_000))),
        ("bytes", .binary([0, 255, 128])),
        ("empty bytes", .binary([])),
        ("ext", .ext(type: 5, bytes: [1, 2, 3])),
        ("timestamp", .stamp("1448282096.500000000")),
    ]

    private static let containers: [(String, Value)] = [
        ("list", [1, [2.5, ["three"]], []]),
        ("tuple", [1, "two"]),
        ("dict", ["a": ["b": ["c": nil]], "": 0]),
        (
            "dict with other keys",
            [1: "int", -7: "negative", 2.5: "float", nil: "none", false: "bool", .binary([255]): "bytes"]
        ),
        ("set", .set([3, 2, 1])),
        ("mixed set", .set([1, "one", 1.5, nil, .binary([0x31])])),
        ("empty set", .set([])),
        ("embedded", ["inner": [1, .calendarDate("2015-11-23")]]),
        (
            "all at once",
            [
                "when": [.dateTime("2015-11-23T12:34:56"), .calendarDate("2015-11-23"), .timeOfDay("12:34:56")],
                "what": [
                    "price": .exactDecimal("9.99"), "id": .identifier("00000000-0000-0000-0000-000000000001"),
                    "tags": .set(["a"]), "gone": .undefined,
                ],
            ]
        ),
    ]

    private static let objects: [(String, Value)] = [
        ("naive datetime", .dateTime("2015-11-23T12:34:56")),
        ("utc datetime", .dateTime("2015-11-23T12:34:56+0000")),
        ("aware datetime", .dateTime("2015-11-23T12:34:56+0530")),
        ("western datetime", .dateTime("2015-11-23T12:34:56-0330")),
        ("datetime with microseconds", .dateTime("2015-11-23T12:34:56+0530")),
        ("date", .calendarDate("2015-11-23")),
        ("early date", .calendarDate("1066-10-14")),
        ("time", .timeOfDay("12:34:56")),
        ("decimal", .exactDecimal("1.10")),
        ("large decimal", .exactDecimal("-123456789012345678901234567890.123456789")),
        ("decimal with exponent", .exactDecimal("1E+3")),
        ("decimal infinity", .exactDecimal("-Infinity")),
        ("uuid", .identifier("12345678-1234-5678-9abc-def012345678")),
        ("undefined", .undefined),
    ]
}
