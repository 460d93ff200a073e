/// A UUID as 16 bytes: the counterpart of Python's `uuid.UUID`, and of Foundation's `UUID` without Foundation.
public struct UniqueIdentifier: Sendable, Hashable {
    /// The first eight bytes, the first of them in the most significant place.
    public let high: UInt64
    /// The last eight bytes, the last of them in the least significant place.
    public let low: UInt64

    /// Creates an identifier from its two halves.
    ///
    /// - Parameters:
    ///   - high: The first eight bytes, the first of them in the most significant place.
    ///   - low: The last eight bytes, the last of them in the least significant place.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The lengths of the groups of hexadecimal digits.
    private static let groups = [8, 4, 4, 4, 12]
}

extension UniqueIdentifier: LosslessStringConvertible {
    /// The identifier in lower case, such as `01234567-89ab-cdef-0123-456789abcdef`, as Python writes it.
    public var description: String {
        let digits = hexadecimal(high) + hexadecimal(low)
        var rest = digits[...]
        var parts: [Substring] = []
        for length in Self.groups {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }

    /// Reads an identifier in any case, with the four hyphens in their places or without any; nil for anything else.
    public init?(_ description: String) {
        guard let value = description.withText(UniqueIdentifier.init(text:)) else { return nil }
        self = value
    }

    init?(text: UnsafeRawBufferPointer) {
        guard text.count == 36 || text.count == 32 else { return nil }
        var halves = (high: UInt64(0), low: UInt64(0))
        var digits = 0
        for (index, byte) in text.enumerated() {
            if text.count == 36, index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Self.digit(byte) else { return nil }
            if digits < 16 {
                halves.high = halves.high << 4 | digit
            } else {
                halves.low = halves.low << 4 | digit
            }
            digits += 1
        }
        self.init(high: halves.high, low: halves.low)
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private func hexadecimal(_ half: UInt64) -> String {
        let digits = String(half, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
