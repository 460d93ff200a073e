/// A decimal number of any precision, kept as its text: the counterpart of Python's `decimal.Decimal`.
///
/// The text is what is sent, so nothing is rounded and trailing zeros are kept. Two numbers are equal if their texts
/// are: `1.0` and `1.00` differ.
public struct ExactDecimal: Sendable, Hashable {
    private let text: String

    /// Whether Python's `Decimal` can read the text.
    ///
    /// Python also accepts spaces and underscores, but never writes them. Exponents may have at most 17 digits,
    /// because Python fails beyond its own limit near 10^18.
    private static func isWellFormed(_ text: UnsafeRawBufferPointer) -> Bool {
        var rest = text[...]
        if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
        if let first = rest.first, (first | 0x20) >= UInt8(ascii: "a"), first < 0x80 { return isSpecial(rest) }
        let whole = takeDigits(&rest)
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = takeDigits(&rest)
        }
        guard whole + fraction > 0 else { return false }
        guard let marker = rest.first else { return true }
        guard marker | 0x20 == UInt8(ascii: "e") else { return false }
        rest = rest.dropFirst()
        if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
        return (1...17).contains(takeDigits(&rest)) && rest.isEmpty
    }

    /// Whether the number is a signalling NaN, which can't be a Python dict key or set member.
    var isSignalling: Bool {
        text.drop { $0 == "+" || $0 == "-" }.prefix(4).lowercased() == "snan"
    }

    /// Consumes digits and returns how many there were.
    private static func takeDigits(_ rest: inout Slice<UnsafeRawBufferPointer>) -> Int {
        let digits = rest.prefix { (0x30...0x39).contains($0) }.count
        rest = rest.dropFirst(digits)
        return digits
    }

    /// `Infinity`, `NaN` with digits, `sNaN` with digits, in any case.
    private static func isSpecial(_ rest: Slice<UnsafeRawBufferPointer>) -> Bool {
        let letters = rest.prefix { ($0 | 0x20) >= UInt8(ascii: "a") && $0 < 0x80 }
        let word = String(decoding: letters, as: UTF8.self).lowercased()
        let digits = rest.dropFirst(letters.count)
        guard word == "nan" || word == "snan" else { return digits.isEmpty && (word == "inf" || word == "infinity") }
        return digits.count <= 28 && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension ExactDecimal: LosslessStringConvertible {
    /// The text of the number.
    public var description: String { text }

    /// Creates a number from a text such as `-1.50`, `1E+5`, `NaN` or `Infinity`; nil if Python's `Decimal` can't
    /// read it.
    ///
    /// - Parameter description: The text, which is kept unchanged.
    public init?(_ description: String) {
        guard description.withText(Self.isWellFormed) else { return nil }
        text = description
    }

    init?(text: UnsafeRawBufferPointer) {
        guard Self.isWellFormed(text) else { return nil }
        self.text = String(decoding: text, as: UTF8.self)
    }
}

extension ExactDecimal {
    /// Creates the number for an integer.
    ///
    /// - Parameter value: The integer.
    public init(_ value: some BinaryInteger) {
        text = String(value)
    }
}
