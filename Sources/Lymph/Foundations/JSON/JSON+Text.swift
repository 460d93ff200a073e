extension JSON {
    /// The document on one line, with the members of objects sorted by name.
    package var text: String { text(isIndented: false, isSorted: true) }

    /// The document on several lines, with the members of objects sorted by name.
    package var indented: String { text(isIndented: true, isSorted: true) }

    /// The document on one line, with the members of objects in their original order.
    package var inOrder: String { text(isIndented: false, isSorted: false) }

    private func text(isIndented: Bool, isSorted: Bool) -> String {
        var printer = JSONPrinter(isIndented: isIndented, isSorted: isSorted)
        printer.write(self, depth: 0)
        return printer.text
    }
}

private struct JSONPrinter {
    private(set) var text = ""
    let isIndented: Bool
    let isSorted: Bool

    init(isIndented: Bool, isSorted: Bool) {
        self.isIndented = isIndented
        self.isSorted = isSorted
    }

    mutating func write(_ value: JSON, depth: Int) {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .unsigned(let value): text += String(value)
        // JSON has no NaN and no infinity.
        case .double(let value): text += value.isFinite ? value.description : "null"
        case .string(let value): write(value)
        case .array(let values):
            writeList("[", values, "]", depth: depth) { printer, value in printer.write(value, depth: depth + 1) }
        case .object(let members):
            let members = isSorted ? members.sorted { $0.name < $1.name } : members
            writeList("{", members, "}", depth: depth) { printer, member in
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
                // A terminal may obey the character, or display one text as another.
                for unit in UTF16.encode(scalar) ?? .init() {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        text += "\""
    }
}
