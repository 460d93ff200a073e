/// Colours and weights of text, if there are any.
///
/// Whether they are used is decided once per stream.
struct Style: Equatable, Sendable {
    /// Attributes of text on a terminal.
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

    /// The text with attributes, if they have an effect.
    func callAsFunction(_ text: String, _ attributes: [Attribute]) -> String {
        guard isColored, !text.isEmpty, !attributes.isEmpty else { return text }
        let codes = attributes.map { String($0.rawValue) }.joined(separator: ";")
        return "\u{1b}[\(codes)m\(text)\u{1b}[0m"
    }
}
