extension String {
    /// The beginning of the text, in at most `count` bytes. Text from others must not be cut by characters, because a
    /// single one may have any number of combining marks.
    package func prefix(bytes count: Int) -> Substring {
        // Rounded down to the beginning of a scalar.
        self[..<(utf8.index(startIndex, offsetBy: count, limitedBy: endIndex) ?? endIndex)]
    }
}
