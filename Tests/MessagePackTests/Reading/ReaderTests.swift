import MessagePack
import Testing

@Suite("Reader")
struct ReaderTests {
    @Test("Values are read one after another")
    func sequence() throws {
        let bytes = written {
            $0.writeMapHeader(1)
            $0.write("k")
            $0.writeArrayHeader(3)
            $0.writeNil()
            $0.write(true)
            $0.write(UInt64.max)
            $0.write(-5)
            $0.write(1.5)
            $0.write("é")
            $0.writeBinary([1, 2])
            $0.writeExt(type: 3, bytes: [9])
            $0.write(Timestamp(seconds: 5))
        }
        try Reader.withReader(over: bytes) { reader in
            #expect(try reader.readMapHeader() == 1)
            #expect(try reader.readString() == "k")
            #expect(try reader.readArrayHeader() == 3)
            let isNil = reader.isNextNil
            #expect(isNil)
            try reader.readNil()
            #expect(try reader.readBool())
            #expect(try reader.readUInt64() == .max)
            #expect(try reader.readInt64() == -5)
            #expect(try reader.readDouble() == 1.5)
            #expect(try reader.readString() == "é")
            #expect(try reader.readBinary() == [1, 2])
            let ext = try reader.readExt()
            #expect(ext.type == 3 && ext.bytes == [9])
            #expect(try reader.readTimestamp() == Timestamp(seconds: 5))
            let isAtEnd = reader.isAtEnd
            #expect(isAtEnd)
            try reader.finish()
        }
    }

    @Test("Names are strings or binary data, valid UTF-8 in both", arguments: ["a161", "c40161", "d90161", "c5000161"])
    func names(bytes: String) throws {
        try hex(bytes).withUnsafeBytes { buffer in
            var reader = Reader(buffer)
            let name = try Array(reader.readKey())
            #expect(name == [0x61])
            let end = reader.offset
            #expect(end == buffer.count)
        }
        #expect(try Reader.withReader(over: hex(bytes)) { try $0.readString() } == "a")
    }

    @Test(
        "Invalid UTF-8 is an error in a string, a name and binary data that is read as a string",
        arguments: ["a1ff", "a2c328", "a3eda080", "a4f4908080", "a1c3", "a2c080", "c401ff"])
    func invalidUTF8(bytes: String) {
        #expect(code { _ = try Reader.withReader(over: hex(bytes)) { try $0.readString() } } == .invalidUTF8)
        hex(bytes).withUnsafeBytes { buffer in
            var reader = Reader(buffer)
            #expect(code { _ = try reader.readKey() } == .invalidUTF8)
        }
        if !bytes.hasPrefix("c4") { #expect(code { _ = try Value(decoding: hex(bytes)) } == .invalidUTF8) }
        #expect(code { _ = try MessagePackDecoder.decode(String.self, from: hex(bytes)) } == .invalidUTF8)
    }

    @Test("UTF-8 is valid where the standard library says so", arguments: 1...4)
    func validUTF8(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let pieces: [[UInt8]] = [
            [0x61], [0x00], [0x7f], [0xc3, 0xa9], [0xe2, 0x82, 0xac], [0xf0, 0x9f, 0x98, 0x80], [0xef, 0xbf, 0xbd],
            [0x80], [0xc0], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff], [0xef, 0xbf],
        ]
        for _ in 0..<3000 {
            // Mostly valid pieces, so that both outcomes occur often.
            let text = (0..<random.below(12)).flatMap { _ in pieces[random.below(random.chance(0.9) ? 7 : pieces.count)]
            }
            let expected = String(validating: text, as: UTF8.self)
            let bytes = hex("d9") + [UInt8(text.count)] + text
            let read = try? Reader.withReader(over: bytes) { try $0.readString() }
            #expect(read.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
            let name = bytes.withUnsafeBytes { buffer in
                var reader = Reader(buffer)
                return (try? reader.readKey()).map { Array($0) }
            }
            #expect(name == expected.map { Array($0.utf8) })
        }
    }

    @Test("Skipping does not validate strings")
    func skipUTF8() throws {
        try Reader.withReader(over: hex("a1ff")) { try $0.skip() }
    }

    @Test(
        "A value is skipped if it has the encoding expected, and stays otherwise",
        arguments: ["92a161a162", "92a161a163", "92a161"])
    func skipExpected(_ text: String) throws {
        let expected = hex("92a161a162")
        try Reader.withReader(over: hex(text) + hex("05")) { reader in
            let isSkipped = reader.skip(ifEqualTo: expected)
            #expect(isSkipped == (hex(text) == expected))
            #expect(reader.position == (isSkipped ? expected.count : 0))
            if isSkipped {
                let next = try reader.readInt()
                #expect(next == 5)
            }
        }
    }

    @Test("The error for a value of another type names that type")
    func mismatch() {
        let expected: [(String, String)] = [
            ("c0", "nil"), ("c3", "a bool"), ("91c0", "an array"), ("80", "a map"), ("d40500", "an extension"),
            ("05", "an integer"), ("cb3ff8000000000000", "a float"), ("c40161", "binary data"),
        ]
        for (bytes, name) in expected where name != "binary data" {
            let error = #expect(throws: MessagePackError.self) {
                try Reader.withReader(over: hex(bytes)) { try $0.readString() }
            }
            #expect(error?.message == "expected a string, found \(name)")
            #expect(error?.offset == 0)
        }
    }

    @Test("Integers are not read as bools, floats not as integers, strings not as binary data")
    func strictness() {
        #expect(code { _ = try Reader.withReader(over: hex("01")) { try $0.readBool() } } == .typeMismatch)
        #expect(
            code { _ = try Reader.withReader(over: hex("cb3ff0000000000000")) { try $0.readInt64() } } == .typeMismatch)
        #expect(code { _ = try Reader.withReader(over: hex("a161")) { try $0.readBinary() } } == .typeMismatch)
        #expect(code { _ = try Reader.withReader(over: hex("ff")) { try $0.readUInt64() } } == .outOfRange)
    }

    @Test("Integers that a double holds exactly are read as doubles, others are not")
    func integralDoubles() throws {
        #expect(try Reader.withReader(over: hex("05")) { try $0.readDouble() } == 5)
        #expect(try Reader.withReader(over: hex("cf8000000000000000")) { try $0.readDouble() } == 0x1p63)
        #expect(
            code { _ = try Reader.withReader(over: hex("cf0020000000000001")) { try $0.readDouble() } } == .outOfRange)
        #expect(try Reader.withReader(over: hex("cb3fb999999999999a")) { try $0.readFloat() } == 0.1)
        #expect(try Reader.withReader(over: hex("ca3fc00000")) { try $0.readDouble() } == 1.5)
    }

    @Test("Bytes after the value are an error")
    func trailing() {
        #expect(code { _ = try Value(decoding: hex("c0c0")) } == .trailingBytes)
        #expect(code { _ = try MessagePackDecoder.decode(Int.self, from: hex("0101")) } == .trailingBytes)
    }

    @Test("Empty input is an error")
    func empty() {
        #expect(code { _ = try Value(decoding: []) } == .truncated)
        #expect(code { _ = try MessagePackDecoder.decode(Int.self, from: []) } == .truncated)
        #expect(code { _ = try MessagePackDecoder.decode([Int].self, from: []) } == .truncated)
        #expect(code { _ = try MessagePackDecoder.decode([UInt8].self, from: []) } == .truncated)
    }
}
