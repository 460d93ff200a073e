/// Z85, the text that ZeroMQ's keys are written in: five characters for each four bytes.
///
/// libzmq's own functions need a terminated string and say nothing about what is wrong with one.
package enum Z85 {
    /// What is wrong with a text.
    package enum Mistake: Error, Hashable {
        /// The number of characters is not a multiple of five, or not that of the expected bytes.
        case length
        /// The byte at the offset is not in the ``alphabet``.
        case character(at: Int)
        /// The five characters from the offset are a number that doesn't fit into four bytes.
        case group(at: Int)
    }

    /// The digits, from 0 to 84.
    package static let alphabet =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"

    private static let digits = Array(alphabet.utf8)

    /// The value of each byte as a digit; 255 for bytes that are none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    /// The text of bytes, whose number must be a multiple of four.
    package static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        precondition(bytes.count.isMultiple(of: 4), "Z85 is for multiples of four bytes")
        return unsafe String(unsafeUninitializedCapacity: bytes.count / 4 * 5) { text in
            for group in 0..<(bytes.count / 4) {
                var number = unsafe UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: group * 4, as: UInt32.self))
                for place in (0..<5).reversed() {
                    unsafe text.initializeElement(at: group * 5 + place, to: digits[Int(number % 85)])
                    number /= 85
                }
            }
            return bytes.count / 4 * 5
        }
    }

    /// Writes the bytes of a text to `bytes`, which must have the size for exactly this text.
    package static func decode(
        _ text: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer
    ) throws(Mistake) {
        guard text.count.isMultiple(of: 5), bytes.count == text.count / 5 * 4 else { throw .length }
        for group in 0..<(text.count / 5) {
            var number: UInt64 = 0
            for offset in (group * 5)..<(group * 5 + 5) {
                let value = unsafe values[Int(text[offset])]
                guard value < 85 else { throw .character(at: offset) }
                number = number * 85 + UInt64(value)
            }
            guard let number = UInt32(exactly: number) else { throw .group(at: group * 5) }
            unsafe bytes.storeBytes(of: number.bigEndian, toByteOffset: group * 4, as: UInt32.self)
        }
    }
}
