import Testing

@testable import MessagePack

@Suite("UTF-8")
struct UTF8Tests {
    @Test("Invalid UTF-8 is found at any position", arguments: [0x80, 0xc3, 0xff] as [UInt8])
    func invalid(byte: UInt8) {
        for count in 1...200 {
            var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: count)
            for index in bytes.indices {
                bytes[index] = byte
                let text = bytes.withUnsafeBytes { String(utf8: $0) }
                if text != nil { Issue.record("\(byte) at \(index) of \(count)") }
                bytes[index] = UInt8(ascii: "a")
            }
        }
    }

    @Test("Characters beyond ASCII are kept at any position", arguments: ["é", "日", "🦁", "\u{fffd}"])
    func valid(character: Character) {
        for count in 0...140 {
            for index in 0...count {
                let text =
                    String(repeating: "a", count: index) + String(character)
                    + String(repeating: "b", count: count - index)
                let read = Array(text.utf8).withUnsafeBytes { String(utf8: $0) }
                if read != text { Issue.record("\(character) at \(index) of \(count)") }
            }
        }
        for count in 0...200 {
            let ascii = String(repeating: "~", count: count)
            #expect(Array(ascii.utf8).withUnsafeBytes { String(utf8: $0) } == ascii)
        }
    }
}
