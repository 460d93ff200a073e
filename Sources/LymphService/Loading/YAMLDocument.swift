internal import Lymph
internal import Yams

/// Reads YAML into nodes that know their file and line.
struct YAMLDocument {
    private let file: String
    private var source: YAMLSource
    private var remaining = 100_000
    private var mistakes = ConfigurationMistakes()

    /// Reads a text.
    ///
    /// - Parameters:
    ///   - file: The name of the file that the text is from.
    ///   - mistakes: Collects mistakes that don't prevent the rest from being read: unknown tags, duplicate keys.
    /// - Returns: The value of the only document; an empty text is an empty map.
    /// - Throws: The reason why nothing can be read, with line and column.
    static func read(
        _ text: String, file: String, _ mistakes: inout ConfigurationMistakes
    ) throws(ConfigurationError) -> ConfigurationNode {
        var document = YAMLDocument(text, file: file)
        defer { mistakes.add(document.mistakes) }
        guard let root = try document.compose() else {
            return ConfigurationNode(.map([]), at: .file(file, line: 1))
        }
        return try document.node(root, path: "", depth: 0)
    }

    private init(_ text: String, file: String) {
        self.file = file
        source = YAMLSource(text)
    }

    private mutating func compose() throws(ConfigurationError) -> Node? {
        var repeated: [ConfigurationError] = []
        defer { for error in repeated { mistakes.add(error) } }
        do {
            return try source.compose { [file] key, place in
                let message = "bad YAML: the key \(key.debugDescription) appears more than once, first here"
                repeated.append(.init(.init(file: file, line: place.line, column: place.column, message: message)))
            }
        } catch let error as YamlError {
            throw ConfigurationError(error, file: file)
        } catch {
            throw ConfigurationError(.init(file: file, message: "bad YAML: \(error)"))
        }
    }

    private mutating func node(
        _ node: Node, path: String, depth: Int
    ) throws(ConfigurationError) -> ConfigurationNode {
        let (line, column) = node.mark.map { ($0.line, $0.column) } ?? (1, 1)
        let origin = ConfigurationOrigin.file(file, line: line, column: column)
        func fail(_ message: String) -> ConfigurationError {
            ConfigurationError(.init(file: file, line: line, column: column, message: "bad YAML: \(message)"))
        }
        remaining -= 1
        // References to references could make a small file expand without limit.
        guard remaining > 0, depth < 100 else {
            throw fail("the file expands to more than 100000 values or 100 levels")
        }
        checkTag(of: node, path, origin)
        switch node {
        case .scalar(let scalar): return value(of: scalar, tag: Tag.Name(rawValue: node.tag.rawValue), path, origin)
        case .sequence(let sequence):
            var nodes: [ConfigurationNode] = []
            for (index, element) in sequence.enumerated() {
                nodes.append(try self.node(element, path: "\(path)[\(index)]", depth: depth + 1))
            }
            return ConfigurationNode(.list(nodes), at: origin)
        case .mapping(let mapping):
            return ConfigurationNode(.map(try entries(of: mapping, path: path, depth: depth)), at: origin)
        case .alias: throw fail("a reference that can't be followed")
        }
    }

    private mutating func checkTag(of node: Node, _ path: String, _ origin: ConfigurationOrigin) {
        let tag = Tag.Name(rawValue: node.tag.rawValue)
        guard !YAMLTag.isKnown(tag, of: node) else { return }
        mistakes.add(
            .init(
                at: origin, path, "the tag \(YAMLTag.written(tag)) has no meaning here",
                allowed: YAMLTag.allowed(insteadOf: node)))
    }

    private mutating func value(
        of scalar: Node.Scalar, tag: Tag.Name, _ path: String, _ origin: ConfigurationOrigin
    ) -> ConfigurationNode {
        let content = YAMLScalar.content(of: scalar, tag: tag)
        if content == nil {
            let message = "\(scalar.string.debugDescription) is not what the tag \(YAMLTag.written(tag)) says"
            mistakes.add(.init(at: origin, path, message))
        }
        var node = ConfigurationNode(content ?? .text(scalar.string), at: origin)
        if node.text == nil { node.written = scalar.string }
        return node
    }

    private mutating func entries(
        of mapping: Node.Mapping, path: String, depth: Int
    ) throws(ConfigurationError) -> [(key: String, node: ConfigurationNode)] {
        var own: [(key: String, node: ConfigurationNode)] = []
        var seen: Set<String> = []
        var merged: [ConfigurationNode] = []
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            let keyPath = path.isEmpty ? name : "\(path).\(name)"
            var node = try self.node(value, path: keyPath, depth: depth + 1)
            // A value may begin on the line after its key; people look for the key.
            if let mark = key.mark, node.entries != nil || node.isNull || node.elements != nil {
                node.origin = .file(file, line: mark.line, column: mark.column)
            }
            guard case .scalar(let scalar) = key else {
                mistakes.add(
                    .init(.init(file: file, line: key.mark?.line, message: "bad YAML: a key that is not a string")))
                continue
            }
            checkTag(of: key, keyPath, node.origin)
            let mark = source.marked(scalar)
            if mark.isMerge || key.tag.rawValue == Tag.Name.merge.rawValue && scalar.style == .plain {
                // As in PyYAML: of several `<<` the last one wins, and within a list the first element.
                merged = (node.elements ?? [node]) + merged
            } else if !mark.isMarked {
                // The parser treats 1 and "1" as different keys.
                guard seen.insert(name).inserted else {
                    let message = "bad YAML: the key \(name.debugDescription) appears more than once"
                    mistakes.add(.init(at: node.origin, "", message))
                    continue
                }
                own.append((name, node))
            }
        }
        for map in merged {
            guard let entries = map.entries else {
                mistakes.add(.init(at: map.origin, "", "bad YAML: << needs a map, or a list of maps"))
                continue
            }
            for (key, node) in entries where seen.insert(key).inserted { own.append((key, node)) }
        }
        return own
    }
}

extension ConfigurationNode {
    fileprivate var elements: [ConfigurationNode]? {
        if case .list(let nodes) = content { nodes } else { nil }
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
            problem.message = "bad YAML: the key \(names) appears more than once, first here"
        case .reader(let text, let offset, _, let yaml):
            let before = yaml.prefix(offset ?? 0)
            problem.line = before.count { $0.isNewline } + 1
            problem.message = "bad YAML: \(text)"
        default: break
        }
        self.init(problem)
    }
}
