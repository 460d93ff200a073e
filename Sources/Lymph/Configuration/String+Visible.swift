extension String {
    /// The text with characters that can't be seen, or that pass for others, written as in Swift's literals: `\u{200b}`.
    ///
    /// Names that differ must look different where a person compares them. Besides what is invisible this concerns marks that
    /// combine with a Latin letter, and letters of other scripts within a word of Latin ones.
    package var visible: String {
        guard !unicodeScalars.allSatisfy(\.isPlain) else { return self }
        var text = ""
        var previous: Unicode.Scalar = " "
        for word in Words(self) {
            let hidesAmongLatin = word.contains { $0.isASCII }
            for scalar in word {
                let isHidden =
                    scalar.isInvisible || scalar.isMark && previous.isASCII || hidesAmongLatin && scalar.isLookalike
                text += isHidden ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
                previous = scalar
            }
        }
        return text
    }
}

/// Runs of letters, and every other character alone.
private struct Words: Sequence, IteratorProtocol {
    private var rest: Substring.UnicodeScalarView

    init(_ text: String) { rest = text.unicodeScalars[...] }

    mutating func next() -> Substring.UnicodeScalarView? {
        guard !rest.isEmpty else { return nil }
        let letters = rest.prefix { $0.properties.isAlphabetic }
        let word = letters.isEmpty ? rest.prefix(1) : letters
        rest = rest[word.endIndex...]
        return word
    }
}

extension Unicode.Scalar {
    /// Printable ASCII, or a tab.
    fileprivate var isPlain: Bool { (0x20..<0x7f).contains(value) || value == 0x09 }

    fileprivate var isInvisible: Bool {
        if isPlain { return false }
        if properties.isDefaultIgnorableCodePoint { return true }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
            .unassigned:
            true
        default: false
        }
    }

    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }

    /// A letter of Greek, Cyrillic or Armenian, many of which look like Latin ones, or a Latin one of another width.
    fileprivate var isLookalike: Bool {
        properties.isAlphabetic && ((0x370..<0x590).contains(value) || (0xff00..<0xfff0).contains(value))
    }
}
