extension Value: CustomStringConvertible {
    /// The value in readable form: `{"text": "foo", "data": <2 bytes: 00ff>, "id": UUID(…)}`.
    ///
    /// For logs and debuggers, and therefore bounded: anything too long, wide or deep ends in `…`.
    public var description: String {
        var printer = ValuePrinter()
        printer.append(self, depth: 0)
        return printer.text
    }
}

/// Writes the description of a value until the length limit is reached.
private struct ValuePrinter {
    private(set) var text = ""
    private var left = 1000
    private static let maximumDepth = 8
    private static let maximumBytes = 16
    private static let maximumTextBytes = 200

    mutating func append(_ value: Value, depth: Int) {
        switch value {
        case .nil: put("nil")
        case .undefined: put("undefined")
        case .bool(let value): put(value ? "true" : "false")
        case .int(let value): put(String(value))
        case .uint(let value): put(String(value))
        case .float(let value): put(value.description)
        case .double(let value): put(value.description)
        case .string(let value): put(quoted(value))
        case .binary(let bytes): put("<\(hexadecimal(bytes))>")
        case .array(let values): appendList("[", values, "]", depth: depth)
        case .map(let map): appendMap(map, depth: depth)
        case .ext(let type, let bytes): put("ext(\(type), <\(hexadecimal(bytes))>)")
        case .timestamp(let value): put("timestamp(\(value))")
        case .datetime(let value): put("datetime(\(value))")
        case .date(let value): put("date(\(value))")
        case .time(let value): put("time(\(value))")
        case .decimal(let value): put("Decimal(\(shortened(value.description)))")
        case .uuid(let value): put("UUID(\(value))")
        case .set(let values): appendList("set(", values, ")", depth: depth)
        }
    }

    private mutating func appendList(_ open: String, _ values: [Value], _ close: String, depth: Int) {
        put(open)
        if depth >= Self.maximumDepth, !values.isEmpty {
            put("…")
        } else {
            for (index, value) in values.enumerated() {
                guard startElement(index) else { break }
                append(value, depth: depth + 1)
            }
        }
        put(close)
    }

    private mutating func appendMap(_ map: Map, depth: Int) {
        put("{")
        if depth >= Self.maximumDepth, !map.isEmpty {
            put("…")
        } else {
            for (index, pair) in map.enumerated() {
                guard startElement(index) else { break }
                append(pair.key, depth: depth + 1)
                put(": ")
                append(pair.value, depth: depth + 1)
            }
        }
        put("}")
    }

    /// Writes the separator before an element; returns false if there is no room left.
    private mutating func startElement(_ index: Int) -> Bool {
        if index > 0 { put(", ") }
        if left <= 0 { put("…") }
        return left > 0
    }

    /// Appends a short piece. Closing brackets are written even when there is no room left.
    private mutating func put(_ piece: String) {
        text += piece
        left -= piece.utf8.count
    }

    private func shortened(_ string: String) -> String {
        let prefix = string.prefix(bytes: Self.maximumTextBytes)
        return prefix.endIndex == string.endIndex ? string : prefix + "…"
    }

    private func quoted(_ string: String) -> String {
        let short = shortened(string)
        var quoted = "\""
        for scalar in short.unicodeScalars { quoted += scalar.escaped(asASCII: false) }
        return quoted + "\""
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = bytes.prefix(Self.maximumBytes).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        let unit = bytes.count == 1 ? "byte" : "bytes"
        let end = bytes.count > Self.maximumBytes ? "…" : ""
        return bytes.isEmpty ? "0 bytes" : "\(bytes.count) \(unit): \(digits.joined())\(end)"
    }
}
