/// Reads JSON as RFC 8259 defines it. What a person writes is read strictly, so that what is sent is what was meant.
package struct JSONParser {
    private let bytes: [UInt8]
    private let isStrict: Bool
    private var position = 0
    /// The nesting limit of messages.
    private static let maximumDepth = 64

    /// Reads a text that consists of one document.
    ///
    /// - Parameter isStrict: Whether duplicate names and integers out of range are errors. Otherwise (for what
    ///   programs write) the last of the duplicates counts and the integer becomes a float, as in other readers.
    package static func parse(_ bytes: [UInt8], isStrict: Bool = true) throws(JSONError) -> JSON {
        var parser = JSONParser(bytes: bytes, isStrict: isStrict)
        try parser.checkEncoding()
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.position == bytes.count else { throw parser.error("the document ends before \(parser.found)") }
        return value
    }

    private init(bytes: [UInt8], isStrict: Bool) {
        self.bytes = bytes
        self.isStrict = isStrict
    }

    private func error(_ reason: String, at offset: Int? = nil) -> JSONError {
        JSONError(reason, at: offset ?? position, in: bytes)
    }

    private func checkEncoding() throws(JSONError) {
        guard String(validating: bytes, as: UTF8.self) == nil else { return }
        let repaired = String(decoding: bytes, as: UTF8.self)
        let offset = zip(repaired.utf8, bytes).enumerated().first { $1.0 != $1.1 }?.offset ?? bytes.count
        throw error("the text is not UTF-8", at: offset)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// The next character, for an error message.
    private var found: String {
        guard position < bytes.count else { return "the end" }
        let rest = String(decoding: bytes[position..<min(bytes.count, position + 16)], as: UTF8.self)
        return rest.first.map { $0 == "\"" ? "a quotation mark" : "\"\($0)\"" } ?? "the end"
    }

    private mutating func skipBlanks() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func accept(_ text: StaticString) -> Bool {
        let expected = Array(text.description.utf8)
        guard bytes[position...].starts(with: expected) else { return false }
        position += expected.count
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
            var number = JSONNumber(bytes, at: position, isBounded: isStrict)
            do throws(JSONNumberError) {
                let value = try number.scan()
                position = number.position
                return value
            } catch {
                throw self.error(error.reason, at: error.position)
            }
        default:
            if accept("null") { return .null }
            if accept("true") { return .bool(true) }
            if accept("false") { return .bool(false) }
            if next == UInt8(ascii: "'") { throw error("strings need double quotes, not single ones") }
            throw error("a value is expected, not \(found)")
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSON {
        try open(depth)
        var members: [JSON.Member] = []
        var places: [String: Int] = [:]
        if accept("}") { return .object([]) }
        while true {
            skipBlanks()
            let start = position
            guard next == UInt8(ascii: "\"") else { throw error("a name in double quotes is expected, not \(found)") }
            let name = try string()
            if isStrict, places[name] != nil { throw error("the name \"\(name)\" appears twice", at: start) }
            skipBlanks()
            guard accept(":") else { throw error("a colon is expected, not \(found)") }
            let value = try value(depth: depth + 1)
            if let place = places[name] {
                members[place].value = value
            } else {
                places[name] = members.count
                members.append(.init(name: name, value: value))
            }
            skipBlanks()
            if accept("}") { return .object(members) }
            guard accept(",") else { throw error("a comma or } is expected, not \(found)") }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSON {
        try open(depth)
        var values: [JSON] = []
        if accept("]") { return .array([]) }
        while true {
            values.append(try value(depth: depth + 1))
            skipBlanks()
            if accept("]") { return .array(values) }
            guard accept(",") else { throw error("a comma or ] is expected, not \(found)") }
        }
    }

    /// Skips an opening bracket, and checks the nesting limit.
    private mutating func open(_ depth: Int) throws(JSONError) {
        guard depth < Self.maximumDepth else {
            throw error("values are nested more than \(Self.maximumDepth) deep")
        }
        position += 1
        skipBlanks()
    }

    private mutating func string() throws(JSONError) -> String {
        let start = position
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text += String(try escape()).utf8
            case 0..<0x20:
                throw error("a string can't contain a line end, a tab or a control character; write \\n, \\t or \\u00…")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw error("the string that begins here has no end", at: start)
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        let start = position
        position += 1
        guard let letter = next else { throw error("the string has no end") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw error("the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u0000", at: start)
        }
        let unit = try hexDigits()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(UInt16(unit)), accept("\\u") else {
            throw error("a half of a surrogate pair stands alone", at: start)
        }
        let low = try hexDigits()
        guard UTF16.isTrailSurrogate(UInt16(low)),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw error("a half of a surrogate pair stands alone", at: start) }
        return scalar
    }

    private mutating func hexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw error("four hexadecimal digits are expected after \\u")
            }
            value = value << 4 + UInt32(digit)
            position += 1
        }
        return value
    }
}
