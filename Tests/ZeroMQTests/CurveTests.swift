import Testing
import ZeroMQ

@Suite("CURVE keys")
struct CurveTests {
    private func decode(_ text: String) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: text.utf8.count / 5 * 4)
        try bytes.withUnsafeMutableBytes { bytes in
            try Array(text.utf8).withUnsafeBytes { try Z85.decode($0, into: bytes) }
        }
        return bytes
    }

    private func encode(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { Z85.encode($0) } }

    @Test("the test case of ZeroMQ's RFC 32")
    func helloWorld() throws {
        #expect(encode([0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B]) == "HelloWorld")
        #expect(try decode("HelloWorld") == [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B])
        #expect(try decode("") == [])
        #expect(encode([255, 255, 255, 255, 0, 0, 0, 0]) == "%nSc000000")
    }

    @Test("libzmq's keys are read and written as libzmq does", .enabled(if: Curve.isSupported))
    func keys() throws {
        for _ in 0..<200 {
            let pair = try Curve.makeKeyPair()
            for key in [pair.publicKey, pair.secretKey] {
                #expect(key.utf8.count == Curve.keyCharacters)
                #expect(encode(try decode(key)) == key)
            }
            #expect(try Curve.publicKey(ofSecretKey: pair.secretKey) == pair.publicKey)
        }
    }

    @Test(
        "wrong secret keys are refused",
        arguments: ["", "0000", String(repeating: "0", count: 45), String(repeating: "#", count: 40)])
    func wrongSecretKeys(text: String) {
        #expect(throws: ZMQError.self) { try Curve.publicKey(ofSecretKey: text) }
    }

    @Test(
        "mistakes are found where they are",
        arguments: [
            ("0000", Z85.Mistake.length), ("000000", .length), ("0000~", .character(at: 4)),
            ("00000\"0000", .character(at: 5)), ("00000%nSc1", .group(at: 5)), ("#####", .group(at: 0)),
            ("0000\u{0}", .character(at: 4)), ("é000", .character(at: 0)),
        ])
    func mistakes(text: String, mistake: Z85.Mistake) {
        #expect(throws: mistake) { try decode(text) }
    }

    @Test("any bytes come back")
    func random() throws {
        var random = SystemRandomNumberGenerator()
        for length in 0..<64 {
            let bytes = (0..<(length * 4)).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(try decode(encode(bytes)) == bytes)
        }
    }
}
