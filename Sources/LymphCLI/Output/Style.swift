/// Colours and weights of text, or none at all.
///
/// Whether there are any is decided once per stream.
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
    func callAsFunction(_ text: String, _ attributes: [Attribute]) -> String {
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
