/// A UUID as 16 bytes: the counterpart of Python's `uuid.UUID`, and of Foundation's `UUID` without Foundation.
public struct UniqueIdentifier: Sendable, Hashable {
    /// The first eight bytes, in big-endian order.
    public let high: UInt64
    /// The last eight bytes, in big-endian order.
    public let low: UInt64

    /// Creates an identifier from its two halves.
    ///
    /// - Parameters:
    ///   - high: The first eight bytes, in big-endian order.
    ///   - low: The last eight bytes, in big-endian order.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

extension UniqueIdentifier: LosslessStringConvertible, TextObject {
    /// The identifier in lower case, such as `01234567-89ab-cdef-0123-456789abcdef`, as in Python.
    public var description: String { text }

    func appendText(to bytes: inout [UInt8]) {
        for digit in 0..<32 {
            if digit == 8 || digit == 12 || digit == 16 || digit == 20 { bytes.append(UInt8(ascii: "-")) }
            let half = digit < 16 ? high : low
            let value = UInt8(truncatingIfNeeded: half >> UInt64(60 - digit % 16 * 4)) & 0x0f
            bytes.append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
        }
    }

    /// Parses an identifier in any case, with all four hyphens in their places or without hyphens; nil for anything
    /// else.
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
}
