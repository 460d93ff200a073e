/// Writes JSON text, in the order that the members are given in.
struct JSONWriter {
    /// The text so far, in UTF-8.
    private(set) var bytes: [UInt8] = []

    /// Writes an object.
    mutating func write(_ members: some Sequence<(key: String, value: JSONValue)>) {
        var separator = "{"
        for (key, value) in members {
            append(separator)
            write(key)
            append(": ")
            write(value)
            separator = ", "
        }
        append(separator == "{" ? "{}" : "}")
    }

    private mutating func write(_ value: JSONValue) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value): append(String(value))
        case .number(let value): append(value.isFinite ? value.description : "null")
        case .string(let text): write(text)
        case .array(let values):
            append("[")
            for (index, value) in values.enumerated() {
                if index > 0 { append(", ") }
                write(value)
            }
            append("]")
        case .object(let members): write(members.sorted { $0.key < $1.key })
        }
    }

    private mutating func write(_ text: String) {
        append("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0..<0x20: append((byte < 16 ? "\\u000" : "\\u00") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        append("\"")
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }
}
