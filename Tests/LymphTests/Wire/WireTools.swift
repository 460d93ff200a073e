import MessagePack

@testable import Lymph

/// MessagePack that a test assembles byte by byte, in forms that the encoder would not write.
enum Wire {
    /// A string of up to 31 bytes as `str`.
    static func str(_ text: String) -> [UInt8] { [0xa0 | UInt8(text.utf8.count)] + text.utf8 }

    /// A string as `bin`, as Python 2 writes it.
    static func bin(_ text: String) -> [UInt8] { [0xc4, UInt8(text.utf8.count)] + text.utf8 }

    /// A map of up to 15 pairs of encoded keys and values.
    static func map(_ pairs: (key: [UInt8], value: [UInt8])...) -> [UInt8] {
        [0x80 | UInt8(pairs.count)] + pairs.flatMap { $0.key + $0.value }
    }

    /// Reads the frame of a message.
    static func headers(_ frame: [UInt8]) throws(MessagePackError) -> Headers {
        try frame.span.withUnsafeBytes { bytes throws(MessagePackError) in try Headers(decoding: bytes) }
    }

    /// The five frames of a message.
    static func frames(
        id: String = "id", kind: String = "REQ", subject: String = "echo.upper", headers: [UInt8] = [0x80],
        body: [UInt8] = [0x80]
    ) -> [[UInt8]] {
        [[UInt8](id.utf8), [UInt8](kind.utf8), [UInt8](subject.utf8), headers, body]
    }
}
