internal import MessagePack

/// Encoded values of every kind.
enum ValueSeeds {
    static let words = [
        "__type__", "_", "datetime", "date", "time", "Decimal", "UUID", "set", "UndefinedType",
        "2015-11-23T12:34:56+0530", "2015-11-23", "12:34:56Z", "sNaN", "1.5E+7",
    ]

    static let all: [[UInt8]] = (values.compactMap { try? $0.encoded() }) + raw

    private static let values: [Value] = [
        .nil, .bool(true), [1, -1, 128, -129, 70_000, 5_000_000_000, .uint(.max), .int(.min)],
        [.float(1.5), .double(.nan), .double(-0.0)], "text", .string("é\u{301}😀"), .binary([0, 0xff]),
        ["a": [1, ["b": nil]], 1: 2, [3]: 4], .ext(type: 5, bytes: [1, 2, 3, 4]), .undefined,
        .set([1, "a", .nil]), DateTime("2015-11-23T12:34:56+0530").map(Value.datetime) ?? .nil,
        CalendarDate("2015-11-23").map(Value.date) ?? .nil, TimeOfDay("12:34:56Z").map(Value.time) ?? .nil,
        ExactDecimal("-1.50").map(Value.decimal) ?? .nil,
        UniqueIdentifier("f81d4fae-7dec-11d0-a765-00a0c91e6bf6").map(Value.uuid) ?? .nil,
        Timestamp(seconds: -1, nanoseconds: 999_999_999).map(Value.timestamp) ?? .nil,
        .embedded([0x92, 0x01, 0xa1, 0x61]),
    ]

    /// Forms that the writer doesn't use.
    private static let raw: [[UInt8]] = [
        [0xc7, 0x04, 0x65, 0xd4, 0x65, 0x90, 0x00], [0xdd, 0, 0, 0, 1, 0xdf, 0, 0, 0, 0],
        [0x82, 0x01, 0x02, 0x01, 0x03],
        [0x81, 0xc4, 1, 0x61, 0xd6, 0xff, 0, 0, 0, 1],
    ]
}
