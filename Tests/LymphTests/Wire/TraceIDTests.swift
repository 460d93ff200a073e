import MessagePack
import Testing

@testable import Lymph

@Suite("Trace ids")
struct TraceIDTests {
    private func read(_ encoded: [UInt8]) throws -> TraceID? {
        // Another header on either side, so that the id must be cut out exactly.
        try Wire.headers(
            Wire.map((Wire.str("a"), [0x01]), (Wire.str("trace_id"), encoded), (Wire.str("z"), [0x02]))
        ).trace
    }

    @Test(
        "an id is forwarded unchanged",
        arguments: [
            (Wire.str("abc"), "abc"), (Wire.str(""), ""), (Wire.bin("abc"), "abc"),
            // Even longer encodings than needed are kept.
            ([0xd9, 1, 0x61], "a"), ([0xda, 0, 1, 0x61], "a"), ([0xdb, 0, 0, 0, 1, 0x61], "a"),
            ([0xc5, 0, 1, 0x61], "a"), ([0xc6, 0, 0, 0, 1, 0x61], "a"),
            ([0xc4, 1, 0xff], "<1 byte: ff>"), ([0x07], "7"), ([0xff], "-1"), ([0xcd, 0, 7], "7"),
            ([0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "18446744073709551615"),
            ([0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0], "-9223372036854775808"), ([0xc2], "false"), ([0xc3], "true"),
            ([0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], "1.5"), ([0xca, 0x3f, 0xc0, 0, 0], "1.5"),
            ([0x90], "[]"), ([0x92, 0x01, 0xa1, 0x62], #"[1, "b"]"#), ([0x81, 0xa1, 0x61, 0xc0], #"{"a": nil}"#),
            ([0xd4, 0x05, 0x09], "ext(5, <1 byte: 09>)"),
        ] as [([UInt8], String)])
    func passedOn(encoded: [UInt8], text: String) throws {
        let trace = try #require(try read(encoded))
        #expect(trace.bytes == encoded)
        #expect(trace.text == text)
        let again = Headers.answer(version: .noInterface, trace: trace, isSameConnection: false)
        #expect(again.bytes == Wire.map((Wire.str("trace_id"), encoded)))
    }

    @Test(
        "an id that could end a Python peer's receive loop is not forwarded",
        arguments: [
            // An object of an unknown type, one with a malformed value, a list as a key, a set of lists.
            [0x81] + Wire.str("__type__") + Wire.str("x"),
            [0x82] + Wire.str("__type__") + Wire.str("UUID") + Wire.str("_") + Wire.str("no uuid"),
            [0x91, 0x81] + Wire.bin("__type__") + [0x01],
            [0x81, 0x90, 0x01],
            [0x82] + Wire.str("__type__") + Wire.str("set") + Wire.str("_") + [0x91, 0x90],
        ] as [[UInt8]])
    func notPassedOn(encoded: [UInt8]) throws {
        #expect(try read(encoded) == nil)
    }

    @Test("nil is not an id")
    func none() throws {
        #expect(try read([0xc0]) == nil)
        #expect(try Wire.headers([0x80]).trace == nil)
    }

    @Test(
        "a malformed id is refused",
        arguments: [
            [0xa1, 0xff], [0xd9, 2, 0xc3, 0x28], [0xc1], [0x91, 0xc1], [0x91, 0xa1, 0xff], [0xd4, 0xff, 0x00],
        ]
            as [[UInt8]])
    func malformed(encoded: [UInt8]) {
        #expect(throws: MessagePackError.self) { try read(encoded) }
    }

    @Test("containers are rewritten in their smallest form")
    func containers() throws {
        #expect(try read([0xdc, 0, 1, 0xcd, 0, 7])?.bytes == [0x91, 0x07])
        #expect(try read([0xde, 0, 1, 0xd9, 1, 0x61, 0xc2])?.bytes == [0x81, 0xa1, 0x61, 0xc2])
    }

    @Test("our own ids are strings")
    func ours() {
        let digits = "0000000000000000000000000000beef"
        #expect(TraceID(0xbeef).bytes == [0xd9, 32] + digits.utf8)
        #expect(TraceID(0xbeef).text == digits)
        #expect(TraceID(digits) == TraceID(0xbeef))
        #expect(TraceID("héllo").text == "héllo")
        let long = String(repeating: "x", count: 70_000)
        #expect(TraceID(long).text == long)
    }

    @Test("an id that is too long is ignored", arguments: [false, true])
    func length(isList: Bool) throws {
        func text(_ count: Int) -> [UInt8] {
            [0xda, UInt8(count >> 8), UInt8(count & 255)] + [UInt8](repeating: 0x61, count: count)
        }
        func id(_ count: Int) -> [UInt8] { isList ? [0x91] + text(count - 4) : text(count - 3) }
        let longest = try #require(try read(id(256)))
        // A list is rewritten.
        #expect(longest.bytes.count == (isList ? 255 : 256))
        #expect(longest.byteCount == longest.bytes.count)
        #expect(try read(id(257)) == nil)
        #expect(TraceID(7).byteCount == TraceID(7).bytes.count)
    }
}
