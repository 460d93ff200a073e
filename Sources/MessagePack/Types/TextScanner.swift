/// Reads digits and separators from the text of a date, a time or an offset.
struct TextScanner {
    private let text: UnsafeRawBufferPointer
    private var position = 0
    /// The nanoseconds that the last ``fraction()`` cut off.
    private(set) var nanosecondsCutOff = 0

    init(_ text: UnsafeRawBufferPointer) {
        self.text = text
    }

    var isAtEnd: Bool { position == text.count }

    /// The next byte, if there is one.
    var next: UInt8? { isAtEnd ? nil : text[position] }

    /// Consumes `byte` if it comes next.
    mutating func accept(_ byte: Unicode.Scalar) -> Bool {
        guard let next, UInt32(next) == byte.value else { return false }
        position += 1
        return true
    }

    /// Reads as many digits as there are, up to `most`; nil if there are fewer than `least`.
    mutating func digits(_ least: Int, upTo most: Int) -> (value: Int, count: Int)? {
        var value = 0
        var count = 0
        while count < most, let next, (0x30...0x39).contains(next) {
            value = value * 10 + Int(next - 0x30)
            count += 1
            position += 1
        }
        return count >= least ? (value, count) : nil
    }

    /// Reads exactly two digits.
    mutating func pair() -> UInt8? {
        digits(2, upTo: 2).map { UInt8($0.value) }
    }

    /// Reads a fraction such as `.5` or `,5`, of up to nine digits, as microseconds. 0 if there is none; nil if it
    /// has no digits.
    ///
    /// Anything finer than a microsecond is cut off, as in Python.
    mutating func fraction() -> UInt32? {
        guard accept(".") || accept(",") else { return 0 }
        guard let (value, count) = digits(1, upTo: 9) else { return nil }
        var nanoseconds = value
        for _ in count..<9 { nanoseconds *= 10 }
        nanosecondsCutOff = nanoseconds % 1000
        return UInt32(nanoseconds / 1000)
    }
}

/// A type whose ASCII text is the value of an extension object.
protocol TextObject: LosslessStringConvertible {
    /// Appends the text, which must have fewer than 32 bytes or exactly 36.
    func appendText(to bytes: inout [UInt8])
}

extension TextObject {
    /// The text as a string.
    var text: String {
        var bytes: [UInt8] = []
        appendText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends the last `width` decimal digits of a non-negative number.
    mutating func appendDecimal(_ number: Int, width: Int) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
