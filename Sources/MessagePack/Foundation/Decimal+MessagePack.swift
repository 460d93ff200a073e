#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension ExactDecimal {
    /// Creates the number with the same value.
    ///
    /// - Parameter decimal: The number.
    public init(_ decimal: Decimal) {
        // Foundation's description has digits and a point, or is NaN, so it is always well formed.
        self = ExactDecimal(decimal.description) ?? ExactDecimal(0)
    }

    /// The sign, the digits without leading and trailing zeros, and the exponent of the last one; nil if not finite.
    fileprivate var parts: (isNegative: Bool, digits: String, exponent: Int)? {
        let text = description.lowercased()
        let halves = text.split(separator: "e", omittingEmptySubsequences: false)
        guard let mantissa = halves.first, var exponent = halves.count > 1 ? Int(halves[1]) : 0 else { return nil }
        let unsigned = mantissa.drop { $0 == "+" || $0 == "-" }
        guard unsigned.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }) else { return nil }
        if let point = unsigned.firstIndex(of: ".") {
            exponent -= unsigned.utf8.distance(from: point, to: unsigned.endIndex) - 1
        }
        var digits = unsigned.filter { $0 != "." }[...].drop { $0 == "0" }
        while digits.last == "0" {
            digits.removeLast()
            exponent += 1
        }
        return (mantissa.first == "-", String(digits), digits.isEmpty ? 0 : exponent)
    }
}

extension Decimal {
    /// Creates the number with the same value; nil if it is infinite or has more digits than a `Decimal` holds.
    ///
    /// A `Decimal` holds 38 digits and powers of ten from -128 to 127. Nothing is rounded.
    ///
    /// - Parameter number: The number.
    public init?(_ number: ExactDecimal) {
        guard let (isNegative, digits, exponent) = number.parts else {
            guard number.description.lowercased().contains("nan") else { return nil }
            self = .nan
            return
        }
        guard digits.utf8.count <= 38, (-128...127).contains(exponent),
            var significand = digits.isEmpty
                ? Decimal(0) : Decimal(string: digits)
        else { return nil }
        if isNegative { significand.negate() }
        self = Decimal(
            sign: significand < 0 ? .minus : .plus, exponent: exponent,
            significand: significand < 0 ? -significand : significand)
    }
}

extension Value {
    /// Creates a decimal number.
    ///
    /// - Parameter decimal: The number.
    public init(_ decimal: Decimal) {
        self = .decimal(ExactDecimal(decimal))
    }

    /// The decimal number; nil for other values, and for numbers with more digits than a `Decimal` can hold.
    public var decimalValue: Decimal? {
        guard case .decimal(let value) = self else { return nil }
        return Decimal(value)
    }
}

extension Decimal: DirectlyEncodable, DirectlyDecodable {
    func encode(directlyInto encoding: Encoding) throws {
        try encoding.state.writer.write(.decimal(ExactDecimal(self)))
    }

    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Decimal {
        let start = reader.offset
        let number = try reader.readObject(.decimal, ExactDecimal.init(text:))
        guard let decimal = Decimal(number) else {
            throw MessagePackError(
                .outOfRange,
                "the decimal \(number.description.prefix(64)) does not fit Foundation's Decimal (38 digits); "
                    + "decode it as ExactDecimal instead",
                offset: start)
        }
        return decimal
    }
}
