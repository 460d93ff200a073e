/// The name of a message, unique among all of them.
///
/// Everybody makes 32 lower-case hexadecimal digits, which are kept as a number; but a peer may use any text, and gets
/// it back as it was.
package enum MessageID: Hashable, Sendable {
    case number(UInt128)
    case text(String)

    /// Reads the frame.
    ///
    /// - Returns: nil if the bytes are not UTF-8.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        if let number = UInt128(hex: bytes) {
            self = .number(number)
        } else if let text = String(validating: bytes, as: UTF8.self) {
            self = .text(text)
        } else {
            return nil
        }
    }
}

extension MessageID: CustomStringConvertible {
    package var description: String {
        switch self {
        case .number(let number): number.hex
        case .text(let text): text
        }
    }
}

extension UInt128 {
    /// Reads exactly 32 lower-case hexadecimal digits.
    ///
    /// Upper-case digits are refused: writing the number again must give the same text.
    package init?(hex bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 32 else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for index in 0..<16 {
            guard let a = bytes[index].hexDigit, let b = bytes[index + 16].hexDigit else { return nil }
            high = high << 4 | UInt64(a)
            low = low << 4 | UInt64(b)
        }
        self = UInt128(high) << 64 | UInt128(low)
    }

    /// The number as 32 lower-case hexadecimal digits.
    package var hex: String {
        String(unsafeUninitializedCapacity: 32) { buffer in
            writeHex(to: UnsafeMutableRawBufferPointer(buffer))
            return 32
        }
    }

    /// Writes 32 lower-case hexadecimal digits to the beginning of `buffer`.
    package func writeHex(to buffer: UnsafeMutableRawBufferPointer) {
        var (high, low) = (UInt64(truncatingIfNeeded: self >> 64), UInt64(truncatingIfNeeded: self))
        for index in (0..<16).reversed() {
            buffer[index] = UInt8(hexDigit: high & 15)
            buffer[index + 16] = UInt8(hexDigit: low & 15)
            high >>= 4
            low >>= 4
        }
    }
}

extension UInt8 {
    fileprivate var hexDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    fileprivate init(hexDigit: UInt64) {
        let digit = UInt8(truncatingIfNeeded: hexDigit)
        self = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
