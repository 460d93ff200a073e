/// Colours and weights of text, or none at all.
///
/// Whether there are any is decided once per stream. Text that comes from elsewhere goes through ``Swift/String/printable``
/// before, so that nobody else chooses escape sequences.
struct Style: Equatable, Sendable {
    /// What a terminal can do with text.
    enum Attribute: Int {
        case bold = 1
        case dim = 2
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case magenta = 35
        case cyan = 36
    }

    /// Whether attributes have an effect.
    let isColored: Bool

    /// The text with attributes, or as it is.
    func callAsFunction(_ text: String, _ attributes: Attribute...) -> String {
        guard isColored, !text.isEmpty, !attributes.isEmpty else { return text }
        let codes = attributes.map { String($0.rawValue) }.joined(separator: ";")
        return "\u{1b}[\(codes)m\(text)\u{1b}[0m"
    }

    /// Decides whether a stream is coloured.
    ///
    /// An option wins; then NO_COLOR (https://no-color.org), if it is not empty; then whether the stream is a terminal
    /// that knows escape sequences.
    ///
    /// - Parameters:
    ///   - option: What `--color` or `--no-color` says.
    ///   - isTerminal: Whether somebody looks at the stream.
    ///   - environment: Looks a variable up.
    static func decide(option: Bool?, isTerminal: Bool, environment: (String) -> String?) -> Style {
        if let option { return Style(isColored: option) }
        if let variable = environment("NO_COLOR"), !variable.isEmpty { return Style(isColored: false) }
        return Style(isColored: isTerminal && environment("TERM") != "dumb")
    }
}

extension String {
    /// The text without characters that would control a terminal: they are written as in Swift's literals.
    ///
    /// Line ends and tabs stay. Direction overrides are shown too: they can make text read as something else.
    var printable: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            text += scalar.isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }
        return text
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        switch value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F..<0xA0: true
        case 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
