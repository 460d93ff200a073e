/// Reads a number and distinguishes integers from floats: `1` is an integer, `1.0` and `1e3` are floats.
struct JSONNumber {
    private let bytes: [UInt8]
    private let start: Int
    private let isBounded: Bool
    /// How far the reader has come: just after the number, or where it is malformed.
    private(set) var position: Int

    /// - Parameter isBounded: Whether an integer of more than 64 bits is an error, instead of a float.
    init(_ bytes: [UInt8], at position: Int, isBounded: Bool) {
        self.bytes = bytes
        start = position
        self.isBounded = isBounded
        self.position = position
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func scan() throws(JSONNumberError) -> JSON {
        let isNegative = accept("-")
        let whole = digits()
        guard whole > 0 else { throw JSONNumberError("a digit is expected after the minus", at: position) }
        let first = bytes[start + (isNegative ? 1 : 0)]
        guard whole == 1 || first != UInt8(ascii: "0") else {
            throw JSONNumberError("a number can't begin with 0, unless it is 0 or 0.…", at: start)
        }
        var isFloat = false
        if accept(".") {
            isFloat = true
            guard digits() > 0 else { throw JSONNumberError("a digit is expected after the point", at: position) }
        }
        if accept("e") || accept("E") {
            isFloat = true
            if !accept("+") { _ = accept("-") }
            guard digits() > 0 else { throw JSONNumberError("a digit is expected in the exponent", at: position) }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        return isFloat ? try float(text) : try integer(text)
    }

    private func integer(_ text: String) throws(JSONNumberError) -> JSON {
        if let value = Int64(text) { return .integer(value) }
        if let value = UInt64(text) { return .unsigned(value) }
        guard isBounded else { return try float(text) }
        throw JSONNumberError(
            "the integer is out of range, which is \(Int64.min) to \(UInt64.max); a Decimal takes any: "
                + "{\"__type__\": \"Decimal\", \"_\": \"…\"}", at: start)
    }

    private func float(_ text: String) throws(JSONNumberError) -> JSON {
        guard let value = Double(text), value.isFinite else {
            throw JSONNumberError("the number is out of the range of a float, ±1.8e308", at: start)
        }
        return .double(value)
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard let next, UInt32(next) == character.value else { return false }
        position += 1
        return true
    }

    /// Skips digits and returns how many there were.
    private mutating func digits() -> Int {
        let before = position
        while let next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { position += 1 }
        return position - before
    }
}

/// A malformed number: what is wrong, and at which byte.
struct JSONNumberError: Error {
    let reason: String
    let position: Int

    init(_ reason: String, at position: Int) {
        self.reason = reason
        self.position = position
    }
}
