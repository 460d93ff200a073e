internal import Lymph
internal import Yams

/// Reads YAML into nodes that know their file and line.
struct YAMLDocument {
    private let file: String
    private var remaining = 100_000

    /// Reads a text.
    ///
    /// - Parameter file: The name of the file that the text is from.
    /// - Returns: The value of its only document; an empty text is a map without keys.
    /// - Throws: What is wrong with the text, with line and column.
    static func read(_ text: String, file: String) throws(ConfigurationError) -> ConfigurationNode {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw ConfigurationError(error, file: file)
        } catch {
            throw ConfigurationError(.init(file: file, message: "bad YAML: \(error)"))
        }
        guard let root else { return ConfigurationNode(.map([]), at: .file(file, line: 1)) }
        var document = YAMLDocument(file: file)
        return try document.node(root, depth: 0)
    }

    private init(file: String) {
        self.file = file
    }

    private mutating func node(_ node: Node, depth: Int) throws(ConfigurationError) -> ConfigurationNode {
        let (line, column) = node.mark.map { ($0.line, $0.column) } ?? (1, 1)
        let origin = ConfigurationOrigin.file(file, line: line, column: column)
        func fail(_ message: String) -> ConfigurationError {
            ConfigurationError(.init(file: file, line: line, column: column, message: "bad YAML: \(message)"))
        }
        remaining -= 1
        // References to references can make a small file stand for a tree without end.
        guard remaining > 0, depth < 100 else {
            throw fail("the file stands for more than 100000 values, or 100 levels")
        }
        switch node {
        case .scalar: return ConfigurationNode(content(of: node), at: origin)
        case .sequence(let sequence):
            var nodes: [ConfigurationNode] = []
            for element in sequence { nodes.append(try self.node(element, depth: depth + 1)) }
            return ConfigurationNode(.list(nodes), at: origin)
        case .mapping(let mapping):
            return ConfigurationNode(.map(try entries(of: mapping, depth: depth)), at: origin)
        case .alias: throw fail("a reference that can't be followed")
        }
    }

    private mutating func entries(
        of mapping: Node.Mapping, depth: Int
    ) throws(ConfigurationError) -> [(key: String, node: ConfigurationNode)] {
        var own: [(key: String, node: ConfigurationNode)] = []
        var seen: Set<String> = []
        var merged: [ConfigurationNode] = []
        for (key, value) in mapping {
            var node = try self.node(value, depth: depth + 1)
            // A value may begin in the line after its key; a person looks for the key.
            if let mark = key.mark, node.entries != nil || node.isNull || node.isList {
                node.origin = .file(file, line: mark.line, column: mark.column)
            }
            guard case .scalar(let scalar) = key else {
                throw ConfigurationError(
                    .init(file: file, line: key.mark?.line, message: "bad YAML: a key that is no text"))
            }
            if key.tag.rawValue == Tag.Name.merge.rawValue, scalar.style == .plain {
                merged += node.isList ? node.elements : [node]
            } else {
                // To the parser, 1 and "1" are two keys.
                guard seen.insert(scalar.string).inserted else {
                    throw ConfigurationError(
                        at: node.origin, "",
                        "bad YAML: the key \(scalar.string.debugDescription) is there more than once")
                }
                own.append((scalar.string, node))
            }
        }
        for map in merged {
            guard let entries = map.entries else {
                throw ConfigurationError(at: map.origin, "", "bad YAML: << needs a map, or a list of maps")
            }
            for (key, node) in entries where seen.insert(key).inserted { own.append((key, node)) }
        }
        return own
    }

    private func content(of node: Node) -> ConfigurationNode.Content {
        let text = node.scalar?.string ?? ""
        switch Tag.Name(rawValue: node.tag.rawValue) {
        case .null: return .null
        case .bool: return node.bool.map(ConfigurationNode.Content.bool) ?? .text(text)
        case .int: return node.int.map { .integer(Int64($0)) } ?? Double(text).map { .number($0) } ?? .text(text)
        case .float: return node.float.map(ConfigurationNode.Content.number) ?? .text(text)
        default: return .text(text)
        }
    }
}

extension ConfigurationNode {
    fileprivate var isList: Bool {
        if case .list = content { true } else { false }
    }

    fileprivate var elements: [ConfigurationNode] {
        if case .list(let nodes) = content { nodes } else { [] }
    }
}

extension ConfigurationError {
    fileprivate init(_ error: YamlError, file: String) {
        var problem = Problem(file: file, message: "bad YAML: \(error)")
        switch error {
        case .scanner(let context, let text, let mark, _), .parser(let context, let text, let mark, _),
            .composer(let context, let text, let mark, _):
            let context = context.map { ", \($0.text)" } ?? ""
            (problem.line, problem.column) = (mark.line, mark.column)
            problem.message = "bad YAML: \(text)\(context)"
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map(\.debugDescription).joined(separator: ", ")
            (problem.line, problem.column) = (context.mark.line, context.mark.column)
            problem.message = "bad YAML: the key \(names) is there more than once, first here"
        case .reader(let text, let offset, _, let yaml):
            let before = yaml.prefix(offset ?? 0)
            problem.line = before.count { $0.isNewline } + 1
            problem.message = "bad YAML: \(text)"
        default: break
        }
        self.init(problem)
    }
}
