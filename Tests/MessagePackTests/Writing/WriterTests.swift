import MessagePack
import Testing

@Suite("Writer")
struct WriterTests {
    @Test("Values follow one another")
    func sequence() throws {
        var writer = Writer(capacity: 100)
        writer.writeMapHeader(2)
        writer.write("a")
        writer.write(Int64(-1))
        writer.write("b")
        try writer.write(["x": nil] as Value)
        #expect(writer.bytes == hex("82 a161 ff a162 81 a178 c0"))
        writer.removeAll()
        #expect(writer.bytes.isEmpty)
    }

    @Test("Raw bytes are appended unchanged")
    func raw() {
        var writer = Writer()
        writer.writeArrayHeader(2)
        writer.writeRaw([0xc0])
        [UInt8]([0xc3]).withUnsafeBytes { writer.writeRaw($0) }
        #expect(writer.bytes == hex("92c0c3"))
        [UInt8]([1]).withUnsafeBytes { writer.writeBinary($0) }
        #expect(writer.bytes == hex("92c0c3c40101"))
    }

    @Test("Encodable values of any type, known or erased, are written in place")
    func encodable() throws {
        struct Pair: Encodable { var a = 1, b = "x" }
        var writer = Writer()
        let erased: [any Encodable] = [
            1, "a", Pair(), [1, 2], 1.5, UInt8(200), Optional<Int>.none, ["k": true], 2.5 as Float,
        ]
        for value in erased { try writer.encode(value) }
        try writer.encode(Pair())
        let pair = "82 a161 01 a162 a178"
        #expect(
            writer.bytes
                == hex(
                    "01 a161 \(pair) 920102 cb3ff8000000000000 ccc8 c0 81a16bc3 ca40200000 \(pair)"))
    }

    @Test("A value that fails leaves what was written before")
    func failure() {
        struct Failing: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                try container.encode(1)
                throw MessagePackError(.misuse, "on purpose")
            }
        }
        var writer = Writer()
        writer.write(7)
        #expect(throws: MessagePackError.self) { try writer.encode(["a": Failing()]) }
        #expect(writer.bytes == [7])
        writer.write(8)
        #expect(writer.bytes == [7, 8])
    }

    @Test("Containers opened by the caller count towards the depth")
    func openContainers() throws {
        var writer = Writer()
        writer.depth = 63
        try writer.encode([1])
        try writer.write([1] as Value)
        #expect(code { try writer.encode([[1]]) } == .depthExceeded)
        #expect(code { try writer.write([[1]] as Value) } == .depthExceeded)
        #expect(writer.depth == 63)
    }
}
