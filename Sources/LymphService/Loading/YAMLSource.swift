internal import Lymph
internal import Yams

/// The text of a file, in which keys of one map that are the same can be told apart.
///
/// The parser stops at the first map that has a key twice. Two `<<` are no mistake, though, and of real ones there may be
/// more further down. So one of the two is marked, and the text is read again: the first character of the key becomes one
/// that no key begins with, which leaves every line and column where it was.
struct YAMLSource {
    private(set) var text: String
    private var marks: UInt32 = 0
    /// Whether no key of the text can begin with a mark.
    private let canMark: Bool

    private static let firstMark: UInt32 = 0x10_0000
    private static let mostMarks: UInt32 = 100

    init(_ text: String) {
        self.text = text
        canMark = !text.contains(#"\U0010"#) && text.unicodeScalars.allSatisfy { $0.value < Self.firstMark }
    }

    /// The tree, with keys that are there more than once marked.
    ///
    /// - Parameter repeated: Is called for each such key, except `<<`.
    mutating func compose(repeated: (_ key: String, _ place: Mark) -> Void) throws -> Node? {
        while true {
            do {
                return try Yams.compose(yaml: text)
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                // The place is that of the first key.
                guard let key = keys.first, let isMerge = mark(key, at: context.mark) else {
                    throw YamlError.duplicatedKeysInMapping(duplicates: keys, context: context)
                }
                if !isMerge { repeated(key, context.mark) }
            }
        }
    }

    /// Whether a key was marked; `isMerge` if it was `<<`, the others are mistakes.
    func marked(_ key: Node.Scalar) -> (isMarked: Bool, isMerge: Bool) {
        guard marks > 0, let first = key.string.unicodeScalars.first, first.value >= Self.firstMark else {
            return (false, false)
        }
        return (true, key.style == .plain && key.string.unicodeScalars.dropFirst().elementsEqual("<".unicodeScalars))
    }

    /// Marks a key.
    ///
    /// - Returns: Whether it is `<<`; nil if it can't be marked.
    private mutating func mark(_ key: String, at place: Mark) -> Bool? {
        guard canMark, marks < Self.mostMarks, let mark = Unicode.Scalar(Self.firstMark + marks),
            let first = key.unicodeScalars.first
        else { return nil }
        var index = text.startIndex
        for _ in 1..<max(1, place.line) {
            guard let newline = text[index...].firstIndex(where: \.isNewline) else { return nil }
            index = text.index(after: newline)
        }
        let scalars = text.unicodeScalars
        guard scalars.index(index, offsetBy: place.column - 1, limitedBy: scalars.endIndex).map({ index = $0 }) != nil
        else { return nil }
        let isQuoted = index < scalars.endIndex && ["\"", "'"].contains(scalars[index])
        if isQuoted { index = scalars.index(after: index) }
        guard index < scalars.endIndex, scalars[index] == first else { return nil }
        text.unicodeScalars.replaceSubrange(index...index, with: [mark])
        marks += 1
        return key == "<<" && !isQuoted
    }
}
