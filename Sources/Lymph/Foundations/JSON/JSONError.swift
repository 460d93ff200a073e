/// Text that is not valid JSON: what is wrong, and where.
package struct JSONError: Error, Equatable, Sendable {
    /// What was expected and what was found.
    package let reason: String
    /// The line, from 1.
    package let line: Int
    /// The character in the line, from 1.
    package let column: Int
    /// The line, or the part of it around the error.
    package let excerpt: String
    /// The part of the excerpt before the error.
    package let beginning: String

    private static let reach = 35

    init(_ reason: String, at offset: Int, in bytes: [UInt8]) {
        self.reason = reason
        let newline = UInt8(ascii: "\n")
        let before = bytes[..<min(offset, bytes.count)]
        line = before.count { $0 == newline } + 1
        let start = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
        let end = bytes[start...].firstIndex(of: newline) ?? bytes.count
        let left = String(decoding: before[start...], as: UTF8.self)
        let right = String(decoding: bytes[min(offset, end)..<end], as: UTF8.self)
        column = left.count + 1
        let shownLeft = left.count > Self.reach ? "…" + left.suffix(Self.reach) : left
        let shownRight = right.count > Self.reach ? right.prefix(Self.reach) + "…" : right
        excerpt = (shownLeft + shownRight).replacing("\t", with: " ").shown
        beginning = shownLeft.replacing("\t", with: " ").shown
    }
}
