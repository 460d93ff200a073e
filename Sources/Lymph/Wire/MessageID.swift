internal import MessagePack

/// The id of a message, unique among all messages.
///
/// Nearly every peer uses 32 lower-case hexadecimal digits, which are kept as a number. A peer may use any other
/// text, and gets it back unchanged.
package enum MessageID: Hashable, Sendable {
    case number(UInt128)
    case text(String)

    /// Reads the frame.
    ///
    /// - Returns: nil if the bytes are not UTF-8.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        if let number = UInt128(hex: bytes) {
            self = .number(number)
        } else if let text = String(utf8: bytes) {
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
        var (number, wrong): (UInt128, UInt64) = (0, 0)
        for offset in stride(from: 0, to: 32, by: 8) {
            let digits = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            number = number << 32 | UInt128(digits.hexDigits(&wrong))
        }
        guard wrong == 0 else { return nil }
        self = number
    }

    /// The number as 32 lower-case hexadecimal digits.
    package var hex: String {
        String(unsafeUninitializedCapacity: 32) { buffer in
            writeHex(to: UnsafeMutableRawBufferPointer(buffer))
            return 32
        }
    }

    /// Calls `body` with the 32 digits, without an allocation. They must not escape it.
    func withHex<R: ~Copyable, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        var digits = InlineArray<32, UInt8>(repeating: 0)
        var span = digits.mutableSpan
        span.withUnsafeMutableBytes { writeHex(to: $0) }
        return try digits.span.withUnsafeBytes(body)
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

extension UInt64 {
    /// The value of eight hexadecimal digits, computed in parallel: a message has up to three ids, and digit by digit
    /// they would take longer than everything else that is read of it.
    ///
    /// - Parameter wrong: Collects a bit for each character that is not a lower-case hexadecimal digit.
    fileprivate func hexDigits(_ wrong: inout UInt64) -> UInt32 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops = ones << 7
        // The highest bit of each character that is at least `limit`; exact for characters below 128.
        func atLeast(_ limit: UInt8) -> UInt64 { ((self | tops) &- (ones &* UInt64(limit))) & tops }
        let isDigit = atLeast(UInt8(ascii: "0")) & ~atLeast(UInt8(ascii: "9") + 1)
        let isLetter = atLeast(UInt8(ascii: "a")) & ~atLeast(UInt8(ascii: "f") + 1)
        wrong |= ((isDigit | isLetter) ^ tops) | (self & tops)
        // A digit's value is its lower four bits; a letter's is that plus 9.
        var values = (self & (ones &* 0x0f)) &+ ((isLetter >> 7) &* 9)
        values = (values | values >> 4) & 0x00ff_00ff_00ff_00ff
        values = (values | values >> 8) & 0x0000_ffff_0000_ffff
        return UInt32(truncatingIfNeeded: values | values >> 16)
    }
}

extension UInt8 {
    fileprivate init(hexDigit: UInt64) {
        let digit = UInt8(truncatingIfNeeded: hexDigit)
        self = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
