/// Malformed or unusual MessagePack.
enum Bad {
    /// `{"__type__": "nope", "_": 1}`: an unknown type. It ends the receive loop of a Python service.
    static let unknownType = object("nope", [0x01])

    /// `{{}: 1}`: a map as the key of a map.
    static let mapAsKey: [UInt8] = [0x81, 0x80, 0x01]

    /// `{"__type__": NAME, "_": VALUE}`.
    static func object(_ name: String, _ value: [UInt8]) -> [UInt8] {
        [0x82] + string("__type__") + string(name) + string("_") + value
    }

    /// A string of at most 31 bytes.
    static func string(_ text: String) -> [UInt8] { [0xa0 | UInt8(text.utf8.count)] + Array(text.utf8) }

    /// Nested arrays with `content` in the middle.
    static func nested(_ depth: Int, _ content: [UInt8] = [0x01]) -> [UInt8] {
        [UInt8](repeating: 0x91, count: depth) + content
    }

    /// Nested embedded messages.
    static func embedded(_ depth: Int) -> [UInt8] {
        var bytes: [UInt8] = [0xc0]
        for _ in 0..<depth {
            let count = UInt32(bytes.count)
            bytes = [0xc9] + (0..<4).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + [101] + bytes
        }
        return bytes
    }

    /// `{"text": VALUE}`.
    static func argument(_ value: [UInt8]) -> [UInt8] { [0x81] + string("text") + value }
}
