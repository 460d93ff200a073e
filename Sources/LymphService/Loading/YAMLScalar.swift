internal import Lymph
internal import Yams

/// The value of a YAML scalar: according to its tag, or to its text if it has none.
enum YAMLScalar {
    /// The value, or nil if the text doesn't match the tag.
    ///
    /// - Parameter tag: The tag; for a scalar without one, the tag that its text implies.
    static func content(of scalar: Node.Scalar, tag: Tag.Name) -> ConfigurationNode.Content? {
        let text = scalar.string
        // A tag overrides quotes: `!!int "5"` is a number.
        var plain = scalar
        plain.style = .plain
        switch tag {
        case .null: return .null
        case .bool: return Bool.construct(from: plain).map(ConfigurationNode.Content.bool)
        case .float: return Double.construct(from: plain).map(ConfigurationNode.Content.number)
        case .int:
            if let value = Int.construct(from: plain) { return .integer(Int64(value)) }
            let digits = text.drop { $0 == "-" || $0 == "+" }.filter { $0 != "_" }
            // Too large for an integer.
            return digits.allSatisfy(\.isNumber) ? Double(text).map(ConfigurationNode.Content.number) : nil
        default: return .text(text)
        }
    }
}

/// The YAML tags that a file may contain.
enum YAMLTag {
    private static let prefix = "tag:yaml.org,2002:"
    private static let scalars: Set<Tag.Name> = [.str, .int, .float, .bool, .null, .timestamp, .value, .merge]

    /// Whether a tag fits this kind of node and has a meaning here.
    static func isKnown(_ tag: Tag.Name, of node: Node) -> Bool {
        switch node {
        case .scalar: scalars.contains(tag)
        case .sequence: tag == .seq
        case .mapping: tag == .map
        case .alias: true
        }
    }

    /// The tag as it is written: `!!int`, `!ENV`.
    static func written(_ tag: Tag.Name) -> String {
        let name = tag.rawValue
        return name.hasPrefix(prefix) ? "!!\(name.dropFirst(prefix.count))" : name
    }

    /// What may be used instead.
    static func allowed(insteadOf node: Node) -> String {
        var variable = "NAME"
        if let text = node.scalar?.string, text.wholeMatch(of: /\w+/) != nil { variable = text }
        return "$(env.\(variable)) for a variable of the environment, $(var.path) for one of --vars, and the tags "
            + "!!str, !!int, !!float, !!bool, !!null, !!seq and !!map"
    }
}
