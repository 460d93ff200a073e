internal import Lymph
internal import Yams

/// Shows the effective configuration, and where each value was written. Secrets are masked.
struct ConfigurationText {
    let root: Configuration

    /// The values as YAML.
    func yaml() throws -> String {
        var text = try Yams.serialize(node: Self.node(root.masked), indent: 4, width: -1, allowUnicode: true)
        while text.hasSuffix("\n") { text.removeLast() }
        return text
    }

    /// The values as JSON.
    var json: JSON { Self.json(root.masked) }

    /// Each value with its origin.
    var sources: Table {
        var table = Table([
            .init(title: "KEY"), .init(title: "VALUE", isFlexible: true, attributes: [.cyan]),
            .init(title: "FROM", attributes: [.dim]),
        ])
        for leaf in root.leaves where !leaf.path.isEmpty {
            let value = leaf.masked
            table.add([leaf.path, value.written ?? Self.json(value).text, leaf.origin.description])
        }
        return table
    }

    /// Each value with its origin, for programs.
    var sourcesJSON: JSON {
        .array(
            root.leaves.filter { !$0.path.isEmpty }.map { leaf in
                [
                    "path": .string(leaf.path), "value": Self.json(leaf.masked),
                    "source": .string(leaf.origin.description),
                ]
            })
    }

    private static func json(_ node: ConfigurationNode) -> JSON {
        switch node.content {
        case .null: .null
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .number(let value): value.isFinite ? .double(value) : .string(value.description)
        case .text(let text): .string(text)
        case .list(let nodes): .array(nodes.map(json))
        case .map(let entries): .object(entries.map { .init(name: $0.key, value: json($0.node)) })
        }
    }

    private static func node(_ node: ConfigurationNode) throws -> Node {
        switch node.content {
        case .null: Node("null", Tag(.null))
        case .bool(let value): try node.written.map { Node($0, Tag(.bool)) } ?? value.represented()
        case .integer(let value): try node.written.map { Node($0, Tag(.int)) } ?? value.represented()
        case .number(let value) where node.written != nil: Node(node.written ?? value.description, Tag(.float))
        // Yams would write 1.5e+0.
        case .number(let value) where value.isFinite: Node(value.description, Tag(.float))
        case .number(let value): try value.represented()
        case .text(let text): try text.represented()
        case .list(let nodes): Node(try nodes.map(Self.node))
        case .map(let entries): Node(try entries.map { (.scalar($0.key.represented()), try Self.node($0.node)) })
        }
    }
}
