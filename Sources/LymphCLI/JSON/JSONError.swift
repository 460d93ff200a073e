internal import Lymph

/// A text that is no JSON: what is wrong, and where.
struct JSONError: Error, Equatable, Sendable {
    /// What was expected and found.
    let reason: String
    /// The line, from 1.
    let line: Int
    /// The character in the line, from 1.
    let column: Int
    /// The line, or the part of it around the place.
    let excerpt: String
    /// The columns of a terminal before the place in the excerpt.
    let indent: Int

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
        indent = shownLeft.replacing("\t", with: " ").shown.displayWidth
    }
}

extension Failure {
    /// - Parameter name: What the text is called, such as `the arguments`.
    init(_ error: JSONError, in name: String) {
        self.init(
            .invalidJSON, "\(name) are no valid JSON: line \(error.line), column \(error.column): \(error.reason)",
            details: ["  " + error.excerpt, String(repeating: " ", count: error.indent + 2) + "^"])
    }
}
