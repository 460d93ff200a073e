import MessagePack
import Testing

@testable import Lymph

@Suite("Headers from strangers")
struct HeadersRobustnessTests {
    /// Headers with every known name, in every form of their values.
    private static let samples: [[UInt8]] = [
        Wire.map(
            (Wire.str("version"), Wire.str("1.5.0")), (Wire.bin("trace_id"), [0xd9, 2, 0x61, 0x62]),
            (Wire.str("return"), Wire.str("same")), (Wire.str("reason"), Wire.bin("draining")),
            (Wire.str("x"), [0x92, 0xcb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0x81, 0xa1, 0x61, 0xc0])),
        Wire.map(
            (Wire.bin("version"), [0xc0]), (Wire.str("trace_id"), [0x92, 0x01, 0x82, 0x01, 0x02, 0x03, 0x04]),
            (Wire.str("return"), [0xc3]), (Wire.str("reason"), [0xcd, 1, 0]), (Wire.str("y"), [0xd6, 5, 1, 2, 3, 4])),
        Wire.map(
            (
                Wire.str("trace_id"),
                [0x82] + Wire.str("__type__") + Wire.str("set") + Wire.str("_") + [0x92, 0x01, 0xa1, 0x62]
            ), (Wire.str("version"), [0x91, 0xc2])),
    ]

    @Test("every truncation is refused", arguments: samples)
    func truncations(frame: [UInt8]) throws {
        _ = try Wire.headers(frame)
        for count in 1..<frame.count {
            let error = #expect(throws: MessagePackError.self) { try Wire.headers([UInt8](frame.prefix(count))) }
            #expect(error?.code == .truncated, "\(count)")
        }
    }

    /// Reads arbitrary bytes, and everything that they contain.
    private func read(_ frame: [UInt8]) -> Headers? {
        guard let headers = try? Wire.headers(frame) else { return nil }
        _ = headers.fields.description
        _ = headers["version"]
        _ = headers.traceID
        if case .invalid(let text) = headers.version { _ = text.utf8.count }
        return headers
    }

    /// Checks the headers if the bytes are a complete map of names.
    ///
    /// - Returns: Whether they are.
    @discardableResult
    private func check(_ frame: [UInt8]) -> Bool {
        let headers = read(frame)
        guard let map = (try? Value(decoding: frame))?.mapValue, map.keys.allSatisfy({ $0.stringValue != nil }) else {
            return false
        }
        guard let headers else {
            Issue.record("refused: \(frame)")
            return true
        }
        if Set(headers.fields.keys) != Set(map.keys.compactMap(\.stringValue)) { Issue.record("fields of \(frame)") }
        return true
    }

    @Test("random bytes are read or refused")
    func random() {
        var random = SplitMix64(seed: 4)
        var whole = 0
        for _ in 0..<5000 {
            let count = Int.random(in: 0...40, using: &random)
            let frame = [0x80 | UInt8.random(in: 0...15, using: &random)] + (0..<count).map { _ in random.byte() }
            if check(frame) { whole += 1 }
        }
        #expect(whole > 0)
    }

    @Test("mutated headers are read or refused", arguments: samples)
    func mutations(frame: [UInt8]) {
        var random = SplitMix64(seed: 5)
        var whole = 0
        for _ in 0..<2000 {
            var mutated = frame
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<mutated.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: mutated[index] = random.byte()
                case 1: mutated[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: mutated.insert(random.byte(), at: index)
                default: if mutated.count > 1 { mutated.remove(at: index) }
                }
            }
            if check(mutated) { whole += 1 }
        }
        #expect(whole > 100)
    }

    @Test("replacing any byte with the first byte of any format does no harm", arguments: samples)
    func singleBytes(frame: [UInt8]) {
        let beginnings: [UInt8] = [0, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xe0, 0xff] + (0xc0...0xdf)
        for index in frame.indices {
            for byte in beginnings {
                var mutated = frame
                mutated[index] = byte
                check(mutated)
            }
        }
    }

    @Test("nesting costs no stack", arguments: ["x", "version", "trace_id", "return", "reason"])
    func nesting(name: String) {
        let deep = Wire.map((Wire.str(name), [UInt8](repeating: 0x91, count: 100_000) + [0xc0]))
        let headers = read(deep)
        // Unknown headers are skipped; known ones have a limit.
        #expect((headers != nil) == (name == "x"))
        #expect(headers?.fields.isEmpty ?? true)
    }
}

extension SplitMix64 {
    fileprivate mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }
}
