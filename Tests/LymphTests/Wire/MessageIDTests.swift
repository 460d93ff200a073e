import Testing
import ZeroMQ

@testable import Lymph

@Suite("Message ids")
struct MessageIDTests {
    private func read(_ bytes: [UInt8]) -> MessageID? { bytes.withUnsafeBytes { MessageID($0) } }
    private func read(_ text: String) -> MessageID? { read([UInt8](text.utf8)) }

    @Test(
        "32 lower-case hexadecimal digits are read as a number, and come back unchanged",
        arguments: [
            ("00000000000000000000000000000000", 0),
            ("00000000000000000000000000000001", 1),
            ("0123456789abcdef0011223344556677", 0x0123_4567_89ab_cdef_0011_2233_4455_6677),
            ("fedcba98765432108899aabbccddeeff", 0xfedc_ba98_7654_3210_8899_aabb_ccdd_eeff),
            ("80000000000000000000000000000000", 1 << 127),
            ("0000000000000001ffffffffffffffff", (1 << 65) - 1),
            ("ffffffffffffffffffffffffffffffff", .max),
        ] as [(String, UInt128)])
    func number(text: String, number: UInt128) {
        #expect(read(text) == .number(number))
        #expect(MessageID.number(number).description == text)
        #expect(number.hex == text)
    }

    @Test(
        "any other string is kept as it is",
        arguments: [
            "", "1", "the last", "0123456789ABCDEF0011223344556677", "0123456789abcdef001122334455667F",
            "0123456789abcdef001122334455667", "0123456789abcdef00112233445566778",
            "g123456789abcdef0011223344556677", "0123456789abcdef001122334455667`", "/123456789abcdef0011223344556677",
            "0123456789abcde:0011223344556677", "01234567-89ab-cdef-0011-223344556677",
            "0x23456789abcdef0011223344556677", "+123456789abcdef0011223344556677", "héllo", "\0", "日本語",
        ])
    func text(text: String) {
        #expect(read(text) == .text(text))
        #expect(MessageID.text(text).description == text)
    }

    @Test(
        "an id that is not UTF-8 is refused",
        arguments: [[0xff], [0xc3], [0x61, 0x80], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf5, 0x80, 0x80, 0x80]]
            as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        #expect(read(bytes) == nil)
        // Even if it is as long as the digits of a number.
        #expect(read(bytes + [UInt8](repeating: 0x30, count: 32 - bytes.count)) == nil)
    }

    @Test("numbers survive a round trip")
    func roundTrip() {
        var random = SplitMix64(seed: 2)
        for _ in 0..<10_000 {
            let number = UInt128(random.next()) << 64 | UInt128(random.next())
            let digits = String(number, radix: 16)
            let text = String(repeating: "0", count: 32 - digits.count) + digits
            if number.hex != text || read(text) != .number(number) { Issue.record("\(text)") }
        }
    }

    @Test("the digits are written to the beginning of a larger buffer, and nowhere else")
    func buffer() {
        var bytes = [UInt8](repeating: 7, count: 40)
        bytes.withUnsafeMutableBytes { UInt128(0xabc).writeHex(to: $0) }
        #expect(String(decoding: bytes[..<32], as: UTF8.self) == "00000000000000000000000000000abc")
        #expect(bytes[32...].allSatisfy { $0 == 7 })
    }
}

@Suite("Making ids")
struct IDGeneratorTests {
    @Test("100 000 ids are all different")
    func unique() {
        var ids = IDGenerator()
        #expect(Set((0..<100_000).map { _ in ids.next() }).count == 100_000)
    }

    @Test("every bit is random")
    func bits() {
        var ids = IDGenerator()
        var ones = [Int](repeating: 0, count: 128)
        for _ in 0..<4096 {
            let id = ids.next()
            for bit in 0..<128 where id >> UInt128(bit) & 1 == 1 { ones[bit] += 1 }
        }
        // 2048 are expected, with a standard deviation of 32: this allows for 15 of them.
        #expect(ones.allSatisfy { (1568...2528).contains($0) })
    }

    @Test("the store is refilled when it is empty, not before")
    func refills() {
        let fills = Lock(0)
        var ids = IDGenerator { memory in
            let number = fills.withLock { fills in
                fills += 1
                return fills
            }
            for index in memory.indices { memory[index] = UInt8(16 * number + index / 16) }
        }
        #expect(fills.withLock(\.self) == 0)
        for round in 1...3 {
            var bytes: Set<UInt128> = []
            for _ in 0..<16 {
                bytes.insert(ids.next())
                #expect(fills.withLock(\.self) == round)
            }
            // Each id has exactly its random bytes, and all bytes were used.
            let repeated = (0..<16).map { UInt128(16 * round + $0) * (UInt128.max / 255) }
            #expect(bytes == Set(repeated))
        }
    }

    @Test("two generators make different ids")
    func independent() {
        var (a, b) = (IDGenerator(), IDGenerator())
        let ids = (0..<100).flatMap { _ in [a.next(), b.next()] }
        #expect(Set(ids).count == 200)
    }
}
