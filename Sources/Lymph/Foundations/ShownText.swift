internal import MessagePack

extension StringProtocol {
    /// The text on one line, safe to show to a person, whoever wrote it: characters that would end the line, control a
    /// terminal or disguise the text are escaped as in Swift literals.
    package var shown: String {
        guard unicodeScalars.contains(where: { !$0.isShown || $0.isJoiner }) else { return String(self) }
        return escaped { $0.isUnshown(after: $1) }
    }

    /// The text as it is ``shown``, with invisible and lookalike characters escaped as well.
    ///
    /// Names that differ must look different where a person compares them. Besides invisible characters, this
    /// concerns marks that combine with a Latin letter, and letters of other scripts within a word of Latin ones.
    package var visible: String {
        guard unicodeScalars.contains(where: { !$0.isASCII || !$0.isShown }) else { return String(self) }
        var areAmongLatin = Words(self)
            .flatMap { repeatElement($0.contains(where: \.isASCII), count: $0.count) }
            .makeIterator()
        return escaped { scalar, previous in
            let isAmongLatin = areAmongLatin.next() ?? false
            return scalar.isUnshown(after: previous) || scalar.isInvisible || scalar.isMark && previous.isASCII
                || isAmongLatin && scalar.isLookalike
        }
    }

    /// - Parameter hides: Whether a scalar is escaped; `previous` is the last scalar before it, as it is shown,
    ///   that is not a combining mark.
    private func escaped(_ hides: (_ scalar: Unicode.Scalar, _ previous: Unicode.Scalar) -> Bool) -> String {
        var text = ""
        var previous: Unicode.Scalar = " "
        for scalar in unicodeScalars {
            if hides(scalar, previous) {
                text += scalar.escape
                // What is shown before the next scalar.
                previous = "}"
            } else {
                text.unicodeScalars.append(scalar)
                if !scalar.isMark { previous = scalar }
            }
        }
        return text
    }
}

/// Runs of letters; every other character is an element of its own.
private struct Words: Sequence, IteratorProtocol {
    private var rest: Substring.UnicodeScalarView

    init(_ text: some StringProtocol) { rest = Substring(text).unicodeScalars }

    mutating func next() -> Substring.UnicodeScalarView? {
        guard !rest.isEmpty else { return nil }
        let letters = rest.prefix { $0.properties.isAlphabetic }
        let word = letters.isEmpty ? rest.prefix(1) : letters
        rest = rest[word.endIndex...]
        return word
    }
}

extension Unicode.Scalar {
    /// Whether the scalar is visible text: not a control, line end, direction mark or zero-width character.
    package var isShown: Bool {
        if isASCII { return value >= 0x20 && value != 0x7F }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: return false
        case .format: return isJoiner
        default: return true
        }
    }

    /// The two joiners are part of how some languages, and emoji sequences, are written; but not after ASCII.
    fileprivate func isUnshown(after previous: Unicode.Scalar) -> Bool { !isShown || isJoiner && previous.isASCII }

    fileprivate var isJoiner: Bool { value == 0x200C || value == 0x200D }

    fileprivate var isInvisible: Bool {
        if properties.isDefaultIgnorableCodePoint { return true }
        return switch properties.generalCategory {
        case .spaceSeparator: !isASCII
        case .privateUse, .unassigned: true
        default: false
        }
    }

    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }

    /// A letter of Greek, Cyrillic or Armenian, many of which look like Latin ones, or a full-width Latin letter.
    fileprivate var isLookalike: Bool {
        properties.isAlphabetic && ((0x370..<0x590).contains(value) || (0xff00..<0xfff0).contains(value))
    }

    /// The escape sequence, as in Swift literals.
    fileprivate var escape: String {
        switch self {
        case "\n": "\\n"
        case "\t": "\\t"
        case "\r": "\\r"
        default: "\\u{\(String(value, radix: 16))}"
        }
    }
}

extension String {
    /// The text, truncated for logs and answers: what a stranger sent may be of any length.
    var shortened: String {
        utf8.count <= 500 ? self : prefix(bytes: 400) + "… (\(utf8.count) bytes)"
    }
}
