extension StringProtocol {
    /// The text in one line, as it can be shown to a person whoever wrote it: what would end the line, control a terminal or
    /// make the text look like another is written as in Swift's literals.
    package var shown: String {
        guard unicodeScalars.contains(where: { !$0.isShown }) else { return String(self) }
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case _ where scalar.isShown: text.unicodeScalars.append(scalar)
            default: text += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Whether the scalar is text, and not a control: line ends, directions and what takes no room at all are none.
    package var isShown: Bool {
        if isASCII { return value >= 0x20 && value != 0x7F }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: return false
        // The two joiners belong to how some languages, and pictures of several people, are written.
        case .format: return value == 0x200C || value == 0x200D
        default: return true
        }
    }
}
