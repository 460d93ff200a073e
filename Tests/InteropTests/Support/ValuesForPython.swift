import MessagePack
import Testing

/// What Python makes of the values that Swift sends.
struct ValueForPython: Sendable, CustomTestStringConvertible {
    let index: Int
    let value: Value
    /// The name of the type in Python.
    let type: String
    /// The value as Python prints it.
    let repr: String
    /// What Python returns for the value: it has no 32-bit float, and drops microseconds.
    let returned: Value

    var testDescription: String { "\(value)" }
}

enum ValuesForPython {
    static let all: [ValueForPython] = table.enumerated().map { index, row in
        ValueForPython(index: index, value: row.0, type: row.1, repr: row.2, returned: changed[row.0] ?? row.0)
    }

    private static let changed: [Value: Value] = [
        .float(0.5): .double(0.5),
        .dateTime("2015-11-23T12:34:56.123456+0530"): .dateTime("2015-11-23T12:34:56+0530"),
        .dateTime("2015-11-23T12:34:56.000001"): .dateTime("2015-11-23T12:34:56"),
        .embedded([0x92, 0x01, 0xa1, 0x61]): [1, "a"],
    ]

    private static let table: [(Value, String, String)] = scalars + containers + objects

    private static let scalars: [(Value, String, String)] = [
        (nil, "NoneType", "None"),
        (true, "bool", "True"),
        (false, "bool", "False"),
        (0, "int", "0"),
        (127, "int", "127"),
        (128, "int", "128"),
        (-32, "int", "-32"),
        (-33, "int", "-33"),
        (65_536, "int", "65536"),
        (.int(.max), "int", "9223372036854775807"),
        (.int(.min), "int", "-9223372036854775808"),
        (.uint(.max), "int", "18446744073709551615"),
        (.float(0.5), "float", "0.5"),
        (0.1, "float", "0.1"),
        (.double(-.infinity), "float", "-inf"),
        (.double(.nan), "float", "nan"),
        (-0.0, "float", "-0.0"),
        ("", "str", "''"),
        ("Zażółć 😀\0", "str", "'Zażółć 😀\\x00'"),
        (.binary([]), "bytes", "b''"),
        (.binary([0, 255, 128]), "bytes", "b'\\x00\\xff\\x80'"),
        (.ext(type: 5, bytes: [1, 2, 3]), "ExtType", "ExtType(code=5, data=b'\\x01\\x02\\x03')"),
        (.ext(type: 127, bytes: []), "ExtType", "ExtType(code=127, data=b'')"),
    ]

    private static let containers: [(Value, String, String)] = [
        ([], "list", "[]"),
        ([1, [2.5, ["three"]], nil], "list", "[1, [2.5, ['three']], None]"),
        ([:], "dict", "{}"),
        (["a": ["b": ["c": nil]]], "dict", "{'a': {'b': {'c': None}}}"),
        (
            [1: "int", -7: "negative", 2.5: "float", nil: "none", false: "bool"], "dict",
            "{1: 'int', -7: 'negative', 2.5: 'float', None: 'none', False: 'bool'}"
        ),
        ([.binary([255]): "bytes"], "dict", "{b'\\xff': 'bytes'}"),
        (
            [.calendarDate("2015-11-23"): 1, .exactDecimal("1.5"): 2], "dict",
            "{datetime.date(2015, 11, 23): 1, Decimal('1.5'): 2}"
        ),
        (.set([]), "set", "set()"),
        (.set([1, 2, 3, 2]), "set", "{1, 2, 3}"),
        (.set([.calendarDate("2015-11-23")]), "set", "{datetime.date(2015, 11, 23)}"),
        (.embedded([0x92, 0x01, 0xa1, 0x61]), "list", "[1, 'a']"),
    ]

    private static let objects: [(Value, String, String)] = [
        (.dateTime("2015-11-23T12:34:56"), "datetime", "datetime.datetime(2015, 11, 23, 12, 34, 56)"),
        (
            .dateTime("2015-11-23T12:34:56Z"), "datetime",
            "datetime.datetime(2015, 11, 23, 12, 34, 56, tzinfo=datetime.timezone(datetime.timedelta(0), '+00:00'))"
        ),
        (
            .dateTime("2015-11-23T12:34:56-0330"), "datetime",
            "datetime.datetime(2015, 11, 23, 12, 34, 56, tzinfo=datetime.timezone(datetime.timedelta(days=-1, "
                + "seconds=73800), '-03:30'))"
        ),
        (
            .dateTime("2015-11-23T12:34:56.123456+0530"), "datetime",
            "datetime.datetime(2015, 11, 23, 12, 34, 56, 123456, "
                + "tzinfo=datetime.timezone(datetime.timedelta(seconds=19800), '+05:30'))"
        ),
        (.dateTime("2015-11-23T12:34:56.000001"), "datetime", "datetime.datetime(2015, 11, 23, 12, 34, 56, 1)"),
        (.calendarDate("2015-11-23"), "date", "datetime.date(2015, 11, 23)"),
        (.calendarDate("1066-10-14"), "date", "datetime.date(1066, 10, 14)"),
        (.timeOfDay("12:34:56"), "time", "datetime.time(12, 34, 56)"),
        (.timeOfDay("00:00:00"), "time", "datetime.time(0, 0)"),
        (.exactDecimal("1.10"), "Decimal", "Decimal('1.10')"),
        (.exactDecimal("-1E+3"), "Decimal", "Decimal('-1E+3')"),
        (.exactDecimal("NaN"), "Decimal", "Decimal('NaN')"),
        (.exactDecimal("-Infinity"), "Decimal", "Decimal('-Infinity')"),
        (.exactDecimal("123456789012345678901234567890.5"), "Decimal", "Decimal('123456789012345678901234567890.5')"),
        (.identifier("12345678-1234-5678-9abc-def012345678"), "UUID", "UUID('12345678-1234-5678-9abc-def012345678')"),
        (.undefined, "UndefinedType", "Undefined"),
        (.timestamp(.init(seconds: -1)), "Timestamp", "Timestamp(seconds=-1, nanoseconds=0)"),
    ]
}

extension Value {
    // A malformed string gives a value that equals no other, so that the test that uses it fails.
    private static func typed<T: LosslessStringConvertible>(_ text: String, _ make: (T) -> Value) -> Value {
        T(text).map(make) ?? .string("malformed: \(text)")
    }

    static func dateTime(_ text: String) -> Value { typed(text) { .datetime($0) } }
    static func calendarDate(_ text: String) -> Value { typed(text) { .date($0) } }
    static func timeOfDay(_ text: String) -> Value { typed(text) { .time($0) } }
    static func exactDecimal(_ text: String) -> Value { typed(text) { .decimal($0) } }
    static func identifier(_ text: String) -> Value { typed(text) { .uuid($0) } }
    static func stamp(_ text: String) -> Value { typed(text) { .timestamp($0) } }
}
