internal import Lymph
internal import Yams

/// The text of a file in which duplicate keys of a map can be told apart.
///
/// The parser stops at the first map with a duplicate key. But two `<<` are allowed, and there may be further
/// mistakes. So one of the two keys is marked and the text is parsed again: the key's first character is replaced by
/// one that no key begins with, which leaves all lines and columns unchanged.
struct YAMLSource {
    private(set) var text: String
    private var marks: UInt32 = 0
    /// Whether the marks are unambiguous: no key of the text begins with one.
    private let canMark: Bool

    private static let firstMark: UInt32 = 0x10_0000
    private static let mostMarks: UInt32 = 100

    init(_ text: String) {
        self.text = text
        canMark = !text.contains(#"\U0010"#) && text.unicodeScalars.allSatisfy { $0.value < Self.firstMark }
    }

    /// The tree, with duplicate keys marked.
    ///
    /// - Parameter repeated: Called for each duplicate key except `<<`.
    mutating func compose(repeated: (_ key: String, _ place: Mark) -> Void) throws -> Node? {
        while true {
            do {
                return try Yams.compose(yaml: text)
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                // The position is that of the first of the keys.
                guard let key = keys.first, let isMerge = mark(key, at: context.mark) else {
                    throw YamlError.duplicatedKeysInMapping(duplicates: keys, context: context)
                }
                if !isMerge { repeated(key, context.mark) }
            }
        }
    }

    /// Whether a key was marked; `isMerge` if it was `<<`, while other marked keys are mistakes.
    func marked(_ key: Node.Scalar) -> (isMarked: Bool, isMerge: Bool) {
        guard marks > 0, let first = key.string.unicodeScalars.first, first.value >= Self.firstMark else {
            return (false, false)
        }
        return (true, key.style == .plain && key.string.unicodeScalars.dropFirst().elementsEqual("<".unicodeScalars))
    }

    /// Marks a key.
    ///
    /// - Returns: Whether the key is `<<`; nil if it can't be marked.
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
