internal import Lymph

extension JSON {
    /// The document in one line, the members of objects sorted by name.
    var text: String {
        var printer = JSONPrinter(isIndented: false)
        printer.write(self, depth: 0)
        return printer.text
    }

    /// The document over several lines, the members of objects sorted by name.
    var indented: String {
        var printer = JSONPrinter(isIndented: true)
        printer.write(self, depth: 0)
        return printer.text
    }
}

private struct JSONPrinter {
    private(set) var text = ""
    let isIndented: Bool

    init(isIndented: Bool) { self.isIndented = isIndented }

    mutating func write(_ value: JSON, depth: Int) {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .unsigned(let value): text += String(value)
        case .double(let value): text += value.description
        case .string(let value): write(value)
        case .array(let values):
            writeList("[", values, "]", depth: depth) { printer, value in printer.write(value, depth: depth + 1) }
        case .object(let members):
            writeList("{", members.sorted { $0.name < $1.name }, "}", depth: depth) { printer, member in
                printer.write(member.name)
                printer.text += ": "
                printer.write(member.value, depth: depth + 1)
            }
        }
    }

    private mutating func writeList<T>(
        _ open: String, _ elements: [T], _ close: String, depth: Int, _ element: (inout JSONPrinter, T) -> Void
    ) {
        text += open
        for (index, item) in elements.enumerated() {
            if index > 0 { text += isIndented ? "," : ", " }
            if isIndented { startLine(depth: depth + 1) }
            element(&self, item)
        }
        if isIndented, !elements.isEmpty { startLine(depth: depth) }
        text += close
    }

    private mutating func startLine(depth: Int) {
        text += "\n" + String(repeating: "  ", count: depth)
    }

    private mutating func write(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.isShown: text.unicodeScalars.append(scalar)
            default:
                // A terminal may obey it, or show one text as another.
                for unit in UTF16.encode(scalar) ?? .init() {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        text += "\""
    }
}
