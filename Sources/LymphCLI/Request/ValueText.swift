internal import MessagePack

/// Shows a value to a person: like JSON, with lymph's types as `date(2015-11-23)`, over several lines if one is too short.
struct ValueText {
    let style: Style
    let width: Int

    /// The text of a value.
    func callAsFunction(_ value: Value) -> String { text(of: value, indent: 0, trailing: 0) }

    private func text(of value: Value, indent: Int, trailing: Int) -> String {
        let inline = Self.inline(value)
        let isShort = indent + inline.displayWidth + trailing <= width
        switch value {
        case .array(let values) where !isShort && !values.isEmpty:
            return lines("[", values.map { ("", $0) }, "]", indent)
        case .set(let values) where !isShort && !values.isEmpty:
            return lines("set([", values.map { ("", $0) }, "])", indent)
        case .map(let map) where !isShort && !map.isEmpty:
            return lines("{", map.map { (Self.inline($0.key) + ": ", $0.value) }, "}", indent)
        default: return paint(value, inline)
        }
    }

    private func lines(
        _ open: String, _ elements: [(label: String, value: Value)], _ close: String, _ indent: Int
    )
        -> String
    {
        let margin = String(repeating: " ", count: indent + 2)
        let lines = elements.map { label, value in
            // A value starts behind its label, and a comma may follow.
            margin + label + text(of: value, indent: indent + 2, trailing: label.displayWidth + 1)
        }
        return open + "\n" + lines.joined(separator: ",\n") + "\n" + String(repeating: " ", count: indent) + close
    }

    private func paint(_ value: Value, _ text: String) -> String {
        switch value {
        case .string: style(text, .green)
        case .int, .uint, .float, .double: style(text, .cyan)
        case .nil, .undefined, .bool: style(text, .yellow)
        case .array, .map, .set: text
        default: style(text, .magenta)
        }
    }

    /// The value in one line, without colours.
    static func inline(_ value: Value) -> String {
        switch value {
        case .nil: "null"
        case .undefined: "undefined"
        case .float(let value) where !value.isFinite: value.description
        case .double(let value) where !value.isFinite: value.description
        case .bool, .int, .uint, .float, .double, .string: JSON(value).text.printable
        case .array(let values): "[" + list(values) + "]"
        case .set(let values): "set([" + list(values) + "])"
        case .map(let map): "{" + map.map { inline($0.key) + ": " + inline($0.value) }.joined(separator: ", ") + "}"
        case .binary(let bytes): "bytes(" + hexadecimal(bytes) + ")"
        case .ext(let type, let bytes): "ext(\(type), " + hexadecimal(bytes) + ")"
        case .timestamp(let value): "timestamp(\(value))"
        case .datetime(let value): "datetime(\(value))"
        case .date(let value): "date(\(value))"
        case .time(let value): "time(\(value))"
        case .decimal(let value): "Decimal(\(value))"
        case .uuid(let value): "UUID(\(value))"
        }
    }

    private static func list(_ values: [Value]) -> String { values.map(inline).joined(separator: ", ") }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
