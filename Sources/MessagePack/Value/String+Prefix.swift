extension String {
    /// The beginning of the text in at most so many bytes. Text of others is not cut by characters: one may have any number of marks.
    package func prefix(bytes count: Int) -> Substring {
        // Within a scalar it is rounded down.
        self[..<(utf8.index(startIndex, offsetBy: count, limitedBy: endIndex) ?? endIndex)]
    }
}
