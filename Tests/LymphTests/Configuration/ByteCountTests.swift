import Foundation
import Lymph
import MessagePack
import Testing

@Suite("Sizes")
struct ByteCountTests {
    @Test(
        "spellings",
        arguments: [
            ("0", 0), ("100", 100), ("5B", 5), ("64KiB", 65_536), ("64 KiB", 65_536), ("10MB", 10_000_000),
            ("1GiB", 1 << 30), ("2TiB", 1 << 41), ("1kB", 1000), ("1KB", 1000), ("3GB", 3_000_000_000),
            ("1TB", 1_000_000_000_000),
            ("1.5KiB", 1536), ("0.1MB", 100_000), ("1.50 kB", 1500), ("8191PiB", nil), ("9007199254740992KiB", nil),
            ("8388608TiB", nil), ("0.3KiB", nil), ("1.5", nil), ("-1", nil), ("-1KiB", nil), ("+1", nil), ("", nil),
            ("KiB", nil),
            (" 1KiB", nil), ("1KiB ", nil), ("1.KiB", nil), (".5KiB", nil), ("1e3", nil), ("0x10", nil),
            ("1.2.3KiB", nil), ("10Mb", nil),
            ("64K", nil), ("64kib", nil), ("٣KiB", nil), ("99999999999999999999", nil),
        ] as [(String, Int?)])
    func spellings(text: String, bytes: Int?) {
        #expect(ByteCount(text)?.bytes == bytes)
    }

    @Test(
        "the description is short, and reads back",
        arguments: [
            (0, "0B"), (1, "1B"), (1000, "1kB"), (1024, "1KiB"), (1500, "1500B"), (65_536, "64KiB"),
            (10_000_000, "10MB"), (1 << 40, "1TiB"),
            (Int.max, "9223372036854775807B"),
        ])
    func description(bytes: Int, text: String) {
        #expect("\(ByteCount(bytes))" == text)
        #expect(ByteCount(text)?.bytes == bytes)
    }

    @Test("in a configuration: a number of bytes, or text with a unit")
    func configuration() throws {
        #expect(try Configuration(4096).decode(ByteCount.self) == 4096)
        #expect(try Configuration("64KiB").decode(ByteCount.self) == .kibibytes(64))
        #expect(
            try Configuration(["a": "1MB", "b": 2]).decode([String: ByteCount].self) == ["a": .megabytes(1), "b": 2])
        for wrong in ["4096", "64", "x", -1, 1.5, nil, [1], true] as [Configuration] {
            #expect(throws: ConfigurationError.self, "\(wrong)") { try wrong.decode(ByteCount.self) }
        }
        let untyped = Configuration(ConfigurationNode(.text("4096"), at: .code, isUntyped: true))
        #expect(try untyped.decode(ByteCount.self) == 4096)
    }

    @Test("other formats write a number, and read both")
    func codable() throws {
        #expect(String(decoding: try JSONEncoder().encode([ByteCount.kibibytes(1)]), as: UTF8.self) == "[1024]")
        #expect(try JSONDecoder().decode([ByteCount].self, from: Data(#"[5, "1KiB"]"#.utf8)) == [5, 1024])
        for wrong in ["[-1]", #"["x"]"#, "[true]"] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode([ByteCount].self, from: Data(wrong.utf8)) }
        }
    }

    @Test("sizes are compared by their bytes")
    func order() {
        #expect(ByteCount.kilobytes(1) < .kibibytes(1))
        #expect(ByteCount.gigabytes(2) < .gibibytes(2))
        #expect([ByteCount.mebibytes(1), .megabytes(1), 5].sorted() == [5, .megabytes(1), .mebibytes(1)])
    }
}
