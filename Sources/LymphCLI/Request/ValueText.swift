internal import Lymph
internal import LymphFleet
internal import MessagePack

/// Shows a value to people: like JSON, with lymph's types as `date(2015-11-23)`, on several lines if one is too
/// short.
struct ValueText {
    let width: Int

    /// The text of a value.
    func lines(of value: Value) -> [Line] { lines(of: value, indent: 0, trailing: 0) }

    /// The first line is not indented, because it may follow a label.
    private func lines(of value: Value, indent: Int, trailing: Int) -> [Line] {
        let inline = Self.inline(value)
        let isShort = indent + inline.displayWidth + trailing <= width
        switch value {
        case .array(let values) where !isShort && !values.isEmpty:
            return lines("[", values.map { ("", $0) }, "]", indent)
        case .set(let values) where !isShort && !values.isEmpty:
            return lines("set([", values.map { ("", $0) }, "])", indent)
        case .map(let map) where !isShort && !map.isEmpty:
            return lines("{", map.map { (Self.inline($0.key) + ": ", $0.value) }, "}", indent)
        default: return [Self.painted(value, inline)]
        }
    }

    private func lines(
        _ open: Line, _ elements: [(label: String, value: Value)], _ close: Line, _ indent: Int
    ) -> [Line] {
        var lines = [open]
        for (index, (label, value)) in elements.enumerated() {
            // A value follows its label, and a comma may follow the value.
            var part = self.lines(of: value, indent: indent + 2, trailing: label.displayWidth + 1)
            part[0] = .blanks(indent + 2) + Line(label) + part[0]
            if index < elements.count - 1 { part[part.count - 1] += "," }
            lines += part
        }
        return lines + [.blanks(indent) + close]
    }

    private static func painted(_ value: Value, _ text: String) -> Line {
        switch value {
        case .string: Line(text, .green)
        case .int, .uint, .float, .double: Line(text, .cyan)
        case .nil, .undefined, .bool: Line(text, .yellow)
        case .array, .map, .set: Line(text)
        default: Line(text, .magenta)
        }
    }

    /// The value on one line, without colours.
    static func inline(_ value: Value) -> String {
        switch value {
        case .nil: "null"
        case .undefined: "undefined"
        case .float(let value) where !value.isFinite: value.description
        case .double(let value) where !value.isFinite: value.description
        case .bool, .int, .uint, .float, .double, .string: JSON(value).text
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
