internal import Lymph

/// Replaces variables in texts by their values; keys are not changed.
struct Interpolation {
    private let variables: Variables
    private var mistakes = ConfigurationMistakes()

    private init(_ variables: Variables) {
        self.variables = variables
    }

    /// The same tree with variables replaced.
    ///
    /// A text that consists of one variable becomes the variable's value, of any type. Within a longer text, the
    /// value is inserted as text.
    ///
    /// - Parameter mistakes: Collects unknown variables; these keep their text.
    static func replaced(
        _ node: ConfigurationNode, _ variables: Variables, _ mistakes: inout ConfigurationMistakes
    ) -> ConfigurationNode {
        var interpolation = Interpolation(variables)
        let result = interpolation.replace(Configuration(node))
        mistakes.add(interpolation.mistakes)
        return result
    }

    private mutating func replace(_ part: Configuration) -> ConfigurationNode {
        var node = part.node
        switch node.content {
        case .map:
            var entries: [(key: String, node: ConfigurationNode)] = []
            for (key, value) in part.children { entries.append((key, replace(value))) }
            node.content = .map(entries)
        case .list:
            var nodes: [ConfigurationNode] = []
            for element in part.elements ?? [] { nodes.append(replace(element)) }
            node.content = .list(nodes)
        case .text(let text):
            do throws(ConfigurationError) {
                return try replace(text, in: part)
            } catch {
                mistakes.add(error)
            }
        default: break
        }
        return node
    }

    private func replace(_ text: String, in part: Configuration) throws(ConfigurationError) -> ConfigurationNode {
        let matches = text.matches(of: /\$\((\w+)\.([\w.\-]+)\)/)
        guard let first = matches.first else { return part.node }
        if first.range == text.startIndex..<text.endIndex {
            var node = try variables.value(String(first.1), String(first.2), at: part)
            node.origin = part.origin
            node.origin.variables.append(text)
            return node
        }
        var node = part.node
        var result = ""
        var end = text.startIndex
        var problems = ConfigurationMistakes()
        for match in matches {
            result += text[end..<match.range.lowerBound]
            end = match.range.upperBound
            do throws(ConfigurationError) {
                let value = try variables.value(String(match.1), String(match.2), at: part)
                result += try insertion(value, of: String(match.0), in: part)
            } catch {
                problems.add(error)
            }
            node.origin.variables.append(String(match.0))
        }
        try problems.check()
        node.content = .text(result + text[end...])
        return node
    }

    private func insertion(
        _ value: ConfigurationNode, of variable: String, in part: Configuration
    ) throws(ConfigurationError) -> String {
        switch value.content {
        case .text(let text): return text
        case .integer(let value): return "\(value)"
        case .number(let number):
            // To Python's YAML reader, a number without a decimal point (08, 1e3) is text.
            return value.written.flatMap { $0.contains(".") ? nil : $0 } ?? "\(number)"
        case .bool(let value): return "\(value)"
        case .null, .list, .map:
            throw part.error(
                "\(variable) is \(value.described(isSecret: true))", allowed: "a string or a number within a string")
        }
    }
}
