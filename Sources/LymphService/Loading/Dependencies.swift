internal import Lymph

/// Inserts the parts of `dependencies` where `dep:name` refers to them.
struct Dependencies {
    private let defined: Configuration
    private var mistakes = ConfigurationMistakes()
    private var remaining = 100_000

    /// The root with every reference replaced by the map that it refers to.
    ///
    /// - Parameter mistakes: Collects references to missing parts and to themselves; these keep their text.
    static func resolved(
        _ root: ConfigurationNode, _ mistakes: inout ConfigurationMistakes
    ) -> ConfigurationNode {
        let empty = ConfigurationNode(.map([]), at: root.origin)
        var dependencies = Dependencies(
            defined: Configuration(root["dependencies"] ?? empty, path: "dependencies"))
        let result = dependencies.resolve(Configuration(root), within: [])
        mistakes.add(dependencies.mistakes)
        return result
    }

    private init(defined: Configuration) {
        self.defined = defined
    }

    private mutating func resolve(_ part: Configuration, within names: [String]) -> ConfigurationNode {
        var node = part.node
        // References to references could make a small file expand without limit.
        remaining -= 1
        guard remaining > 0 else {
            if remaining == 0 { mistakes.add(part.error("the references expand to more than 100000 values")) }
            return node
        }
        switch node.content {
        case .map:
            var entries: [(key: String, node: ConfigurationNode)] = []
            for (key, value) in part.children { entries.append((key, resolve(value, within: names))) }
            node.content = .map(entries)
        case .list:
            var nodes: [ConfigurationNode] = []
            for element in part.elements ?? [] { nodes.append(resolve(element, within: names)) }
            node.content = .list(nodes)
        case .text(let text) where text.hasPrefix("dep:"):
            let name = String(text.dropFirst(4))
            guard let dependency = defined.child(name) else {
                mistakes.add(
                    .init(
                        at: part.origin, part.path, unknown: "\(text): dependencies has no such name", name,
                        among: defined.keys))
                return node
            }
            guard !names.contains(name) else {
                mistakes.add(part.error("\(text) refers to itself: \((names + [name]).joined(separator: " → "))"))
                return node
            }
            return resolve(dependency, within: names + [name])
        default: break
        }
        return node
    }
}
