import MessagePack
import Testing

@testable import Lymph

@Suite("Reading headers")
struct HeadersDecodingTests {
    private static let number = "0123456789abcdef0011223344556677"

    @Test("no bytes or an empty map mean no headers", arguments: [[], [0x80], [0xde, 0, 0], [0xdf, 0, 0, 0, 0]])
    func empty(frame: [UInt8]) throws {
        let headers = try Wire.headers(frame)
        #expect(headers.version == .none)
        #expect(headers.trace == nil)
        #expect(headers.traceID == nil)
        #expect(!headers.features.contains(.sameConnection))
        #expect(headers.reason == nil)
        #expect(headers.fields.isEmpty)
        #expect(headers["version"] == nil)
        #expect(headers.bytes == frame)
    }

    @Test("names are str or bin, in any order, among unknown ones", arguments: [Wire.str, Wire.bin])
    func names(spell: @Sendable (String) -> [UInt8]) throws {
        let pairs: [(key: [UInt8], value: [UInt8])] = [
            (spell("version"), Wire.str("1.5.0")), (spell("trace_id"), Wire.str("abc")),
            (spell("return"), Wire.str("same")), (spell("reason"), Wire.str("draining")),
            (spell("x-other"), [0x92, 0x01, 0x81, 0xa1, 0x61, 0xc0]), (spell(""), [0xc3]),
        ]
        var random = SplitMix64(seed: 3)
        for _ in 0..<20 {
            let shuffled = pairs.shuffled(using: &random)
            let headers = try Wire.headers([0x86] + shuffled.flatMap { $0.key + $0.value })
            #expect(headers.version == .exact("1.5.0"))
            #expect(headers.traceID == "abc")
            #expect(headers.features.contains(.sameConnection))
            #expect(headers.reason == .draining)
            #expect(headers["x-other"] == [1, ["a": nil]])
            #expect(headers[""] == true)
            #expect(headers["version"] == "1.5.0")
            #expect(headers.fields.count == 6)
        }
    }

    @Test(
        "names that only resemble known headers are kept as others",
        arguments: ["Version", "versions", "trace-id", "TRACE_ID", "returns", "Return", "reaso", "reasom", "versio\0"])
    func otherNames(name: String) throws {
        let headers = try Wire.headers(Wire.map((Wire.str(name), Wire.str("same"))))
        #expect(headers.version == .none)
        #expect(headers.trace == nil)
        #expect(!headers.features.contains(.sameConnection))
        #expect(headers.reason == nil)
        #expect(headers[name] == "same")
    }

    @Test("of two headers with one name the last counts")
    func duplicates() throws {
        let headers = try Wire.headers(
            Wire.map(
                (Wire.str("version"), Wire.str("1.0.0")), (Wire.str("trace_id"), Wire.str("a")),
                (Wire.str("return"), Wire.str("same")), (Wire.str("reason"), Wire.str("rejected")),
                (Wire.str("x"), [1]), (Wire.bin("version"), Wire.bin("2.0.0")), (Wire.bin("trace_id"), Wire.str("b")),
                (Wire.str("return"), Wire.str("other")), (Wire.str("reason"), Wire.str("failed")),
                (Wire.bin("x"), [2])))
        #expect(headers.version == .exact("2.0.0"))
        #expect(headers.traceID == "b")
        #expect(!headers.features.contains(.sameConnection))
        #expect(headers.reason == .failed)
        #expect(headers["x"] == 2)
    }

    @Test(
        "a version is read in all its forms",
        arguments: [
            ([0xc0], .none), (Wire.str(""), .none), (Wire.bin(""), .none),
            (Wire.str("1.5.0"), .exact("1.5.0")), (Wire.bin("1.5.0"), .exact("1.5.0")),
            (Wire.str("1.5.0-rc.1+b"), .exact("1.5.0-rc.1+b")),
            (Wire.str("1.5"), .invalid(#""1.5""#)), (Wire.str("v1.5.0"), .invalid(#""v1.5.0""#)),
            (Wire.str(" "), .invalid(#"" ""#)), (Wire.str("01.5.0"), .invalid(#""01.5.0""#)),
            ([0x01], .invalid("1")), ([0xc3], .invalid("true")), ([0x90], .invalid("[]")), ([0x80], .invalid("{}")),
            ([0xc4, 1, 0xff], .invalid("<1 byte: ff>")),
        ] as [([UInt8], VersionHeader)])
    func versions(encoded: [UInt8], expected: VersionHeader) throws {
        #expect(try Wire.headers(Wire.map((Wire.str("version"), encoded))).version == expected)
    }

    @Test(
        "only the string \"same\" asks for the same connection",
        arguments: [
            (Wire.str("same"), true), (Wire.bin("same"), false), (Wire.str("Same"), false), (Wire.str(""), false),
            ([0xc0], false), ([0xc3], false), ([0x91] + Wire.str("same"), false),
        ])
    func sameConnection(encoded: [UInt8], expected: Bool) throws {
        #expect(
            try Wire.headers(Wire.map((Wire.str("return"), encoded))).features.contains(.sameConnection) == expected)
    }

    @Test(
        "any string is accepted as a reason",
        arguments: [
            (Wire.str("draining"), .draining), (Wire.bin("failed"), .failed), (Wire.str("tired"), NackReason("tired")),
            (Wire.str(""), NackReason("")), ([0xc0], nil), ([0x01], nil), ([0x90], nil), ([0xc4, 1, 0xff], nil),
        ] as [([UInt8], NackReason?)])
    func reasons(encoded: [UInt8], expected: NackReason?) throws {
        #expect(try Wire.headers(Wire.map((Wire.str("reason"), encoded))).reason == expected)
    }

    @Test(
        "headers that are not a map are refused",
        arguments: [
            [0xc0], [0xc3], [0x01], [0x90], [0x91, 0x80], [0xa0], [0xc1], Wire.str("version"), Wire.bin("version"),
            [0xcb, 0, 0, 0, 0, 0, 0, 0, 0], [0xd4, 0x05, 0x80], [0xc7, 0x01, 0x65, 0x80],
        ] as [[UInt8]])
    func noMap(frame: [UInt8]) {
        #expect(throws: MessagePackError.self) { try Wire.headers(frame) }
    }

    @Test(
        "names that are not strings are refused",
        arguments: [[0x01], [0xc0], [0x90], [0x80], [0xa1, 0xff], [0xc4, 1, 0xff]] as [[UInt8]])
    func noName(key: [UInt8]) {
        #expect(throws: MessagePackError.self) { try Wire.headers(Wire.map((key, [0x01]))) }
    }

    @Test("bytes after the map are refused")
    func trailing() {
        for frame: [UInt8] in [[0x80, 0x80], [0x80, 0xc0], Wire.map((Wire.str("version"), Wire.str("1.5.0"))) + [0]] {
            let error = #expect(throws: MessagePackError.self) { try Wire.headers(frame) }
            #expect(error?.code == .trailingBytes)
        }
    }

    @Test(
        "a header that announces more than there is fails at once",
        arguments: [
            [0x81], [0x8f, 0xa0, 0xc0], [0xde, 0xff, 0xff], [0xdf, 0xff, 0xff, 0xff, 0xff], [0xdf, 0, 0, 0],
            [0x81, 0xdb, 0xff, 0xff, 0xff, 0xff], [0x81, 0xa0, 0xdd, 0xff, 0xff, 0xff, 0xff],
        ] as [[UInt8]])
    func promises(frame: [UInt8]) {
        let error = #expect(throws: MessagePackError.self) { try Wire.headers(frame) }
        #expect(error?.code == .truncated)
    }
}
