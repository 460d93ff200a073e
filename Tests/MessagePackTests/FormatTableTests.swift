import MessagePack
import Testing

/// The edges of every format of the MessagePack specification, byte for byte.
@Suite("Format table")
struct FormatTableTests {
    /// A value with its only correct encoding.
    struct Row: Sendable, CustomTestStringConvertible {
        let value: Value
        let bytes: [UInt8]
        var testDescription: String { "\(hexText(bytes.prefix(12)))" }

        init(_ value: Value, _ bytes: String, then rest: [UInt8] = []) {
            self.value = value
            self.bytes = hex(bytes) + rest
        }
    }

    static let scalars = [
        Row(nil, "c0"), Row(false, "c2"), Row(true, "c3"),
        Row(0, "00"), Row(1, "01"), Row(127, "7f"), Row(128, "cc80"), Row(255, "ccff"), Row(256, "cd0100"),
        Row(65535, "cdffff"), Row(65536, "ce00010000"), Row(0xffff_ffff, "ceffffffff"),
        Row(0x1_0000_0000, "cf0000000100000000"), Row(.int(.max), "cf7fffffffffffffff"),
        Row(.uint(1 << 63), "cf8000000000000000"), Row(.uint(.max), "cfffffffffffffffff"), Row(.uint(5), "05"),
        Row(-1, "ff"), Row(-32, "e0"), Row(-33, "d0df"), Row(-128, "d080"), Row(-129, "d1ff7f"),
        Row(-32768, "d18000"), Row(-32769, "d2ffff7fff"), Row(-0x8000_0000, "d280000000"),
        Row(-0x8000_0001, "d3ffffffff7fffffff"), Row(.int(.min), "d38000000000000000"),
        Row(0.0, "cb0000000000000000"), Row(-0.0, "cb8000000000000000"), Row(1.5, "cb3ff8000000000000"),
        Row(.double(.infinity), "cb7ff0000000000000"), Row(.double(-.infinity), "cbfff0000000000000"),
        Row(.double(.nan), "cb7ff8000000000000"), Row(.float(1.5), "ca3fc00000"), Row(.float(-.infinity), "caff800000"),
    ]

    static let strings = [
        Row("", "a0"), Row("a", "a161"), Row("é", "a2c3a9"),
        Row(text(31), "bf", then: letters(31)), Row(text(32), "d920", then: letters(32)),
        Row(text(255), "d9ff", then: letters(255)), Row(text(256), "da0100", then: letters(256)),
        Row(text(65535), "daffff", then: letters(65535)), Row(text(65536), "db00010000", then: letters(65536)),
        Row(.binary([]), "c400"), Row(.binary([1]), "c40101"), Row(.binary(letters(255)), "c4ff", then: letters(255)),
        Row(.binary(letters(256)), "c50100", then: letters(256)),
        Row(.binary(letters(65535)), "c5ffff", then: letters(65535)),
        Row(.binary(letters(65536)), "c600010000", then: letters(65536)),
    ]

    static let containers = [
        Row([], "90"), Row([1, "a"], "9201a161"), Row(zeros(15), "9f", then: bytes(15)),
        Row(zeros(16), "dc0010", then: bytes(16)), Row(zeros(65535), "dcffff", then: bytes(65535)),
        Row(zeros(65536), "dd00010000", then: bytes(65536)),
        Row([:], "80"), Row(["a": 1], "81a16101"), Row([1: 2, nil: 3], "820102c003"),
        Row(numbered(15), "8f", then: pairs(15)), Row(numbered(16), "de0010", then: pairs(16)),
        Row(numbered(65535), "deffff", then: pairs(65535)), Row(numbered(65536), "df00010000", then: pairs(65536)),
    ]

    static let extensions = [
        Row(.ext(type: 5, bytes: []), "c70005"), Row(.ext(type: 5, bytes: letters(1)), "d405", then: letters(1)),
        Row(.ext(type: 5, bytes: letters(2)), "d505", then: letters(2)),
        Row(.ext(type: 5, bytes: letters(3)), "c70305", then: letters(3)),
        Row(.ext(type: 5, bytes: letters(4)), "d605", then: letters(4)),
        Row(.ext(type: 5, bytes: letters(8)), "d705", then: letters(8)),
        Row(.ext(type: 64, bytes: letters(16)), "d840", then: letters(16)),
        Row(.ext(type: 127, bytes: letters(17)), "c7117f", then: letters(17)),
        Row(.ext(type: 0, bytes: letters(255)), "c7ff00", then: letters(255)),
        Row(.ext(type: 0, bytes: letters(256)), "c8010000", then: letters(256)),
        Row(.ext(type: 0, bytes: letters(65535)), "c8ffff00", then: letters(65535)),
        Row(.ext(type: 0, bytes: letters(65536)), "c90001000000", then: letters(65536)),
        Row(stamp(0, 0), "d6ff00000000"), Row(stamp(0xffff_ffff, 0), "d6ffffffffff"),
        Row(stamp(0x1_0000_0000, 0), "d7ff0000000100000000"), Row(stamp(1, 2), "d7ff0000000800000001"),
        Row(stamp(0x3_ffff_ffff, 999_999_999), "d7ffee6b27ffffffffff"),
        Row(stamp(0x4_0000_0000, 0), "c70cff000000000000000400000000"),
        Row(stamp(-1, 999_999_999), "c70cff3b9ac9ffffffffffffffffff"),
    ]

    @Test("A value is written in its smallest encoding", arguments: scalars + strings + containers + extensions)
    func writes(row: Row) throws {
        #expect(try row.value.encoded() == row.bytes)
    }

    @Test("The smallest encoding is read as the value", arguments: scalars + strings + containers + extensions)
    func reads(row: Row) throws {
        #expect(try Value(decoding: row.bytes) == row.value)
    }

    @Test("Skipping ends where reading ends", arguments: scalars + strings + containers + extensions)
    func skips(row: Row) throws {
        let end = try Reader.withReader(over: row.bytes + [0xc0]) { reader in
            try reader.skip()
            return reader.position
        }
        #expect(end == row.bytes.count)
    }

    @Test(
        "Larger encodings than needed are read, too",
        arguments: [
            Row(5, "cc05"), Row(5, "cd0005"), Row(5, "ce00000005"), Row(5, "cf0000000000000005"), Row(5, "d005"),
            Row(5, "d10005"), Row(5, "d200000005"), Row(5, "d30000000000000005"), Row(-1, "d0ff"),
            Row(-1, "d3ffffffffffffffff"), Row("a", "d90161"), Row("a", "da000161"), Row("a", "db0000000161"),
            Row(.binary([7]), "c5000107"), Row(.binary([7]), "c60000000107"), Row([5], "dc000105"),
            Row([5], "dd0000000105"), Row(["a": 5], "de0001a16105"), Row(["a": 5], "df00000001a16105"),
            Row(.ext(type: 5, bytes: [7]), "c7010507"), Row(.ext(type: 5, bytes: [7]), "c800010507"),
            Row(.ext(type: 5, bytes: [7]), "c9000000010507"), Row(stamp(1, 0), "d7ff0000000000000001"),
            Row(stamp(1, 0), "c70cff000000000000000000000001"),
        ])
    func readsLarger(row: Row) throws {
        #expect(try Value(decoding: row.bytes) == row.value)
    }

    @Test("0xc1 is not a value")
    func unassigned() {
        #expect(code { _ = try Value(decoding: hex("c1")) } == .invalidFormat)
        #expect(code { _ = try Value(decoding: hex("91c1")) } == .invalidFormat)
        #expect(code { try Reader.withReader(over: hex("c1")) { try $0.skip() } } == .invalidFormat)
    }

    @Test(
        "A timestamp of another length than 4, 8 or 12 bytes is refused",
        arguments: ["c700ff", "d4ff00", "c705ff0000000000", "d8ff" + String(repeating: "00", count: 16)])
    func timestampShapes(bytes: String) {
        #expect(code { _ = try Value(decoding: hex(bytes)) } == .invalidFormat)
    }

    @Test("A timestamp with a second or more of nanoseconds is refused")
    func timestampNanoseconds() {
        #expect(code { _ = try Value(decoding: hex("d7ffee6b280000000000")) } == .invalidFormat)
        #expect(code { _ = try Value(decoding: hex("c70cff3b9aca000000000000000000")) } == .invalidFormat)
        #expect(code { _ = try Value.ext(type: -1, bytes: [1, 2]).encoded() } == .unrepresentable)
    }
}

private func letters(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x61, count: count) }
private func text(_ count: Int) -> Value { .string(String(repeating: "a", count: count)) }
private func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
private func zeros(_ count: Int) -> Value { .array([Value](repeating: 0, count: count)) }
private func numbered(_ count: Int) -> Value { .map(Map((0..<count).map { (.int(Int64($0)), nil) })) }
private func pairs(_ count: Int) -> [UInt8] {
    (0..<count).flatMap { number in written { $0.write(number) } + [0xc0] }
}
private func stamp(_ seconds: Int64, _ nanoseconds: UInt32) -> Value {
    Timestamp(seconds: seconds, nanoseconds: nanoseconds).map(Value.timestamp) ?? .nil
}
