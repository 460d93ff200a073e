public import MessagePack

/// A part of a configuration: a map, a list or a scalar that knows where it was written.
///
/// ```swift
/// struct Settings: ConfigurationSection {
///     var delay = Duration.seconds(1)
///     var greeting: String?
/// }
/// let settings = try context.configuration.decode(Settings.self)          // every key, checked
/// let delay = try context.configuration.get("retry.delay", default: 10)   // one value, by its path
/// ```
///
/// Mistakes are reported with the file, line and path of the wrong value.
public struct Configuration: Sendable {
    package var node: ConfigurationNode

    /// The keys from the top of the file to here, joined by dots.
    package var path: String

    /// Whether the value must not be shown, whatever its name.
    var isConcealed = false

    /// Notes which keys are asked for.
    var reads: ConfigurationReads?

    package init(_ node: ConfigurationNode, path: String = "") {
        self.node = node
        self.path = path
    }

    /// Creates a configuration from a value, for tests and for containers that are set up in code.
    public init(_ value: MessagePack.Value) {
        self.init(ConfigurationNode(value))
    }

    /// The part at a path: keys joined by dots. List elements are numbered from 0.
    ///
    /// - Returns: The part, or nil if it is absent. A key without a value is present, and null.
    public subscript(path: String) -> Configuration? {
        if let child = child(path) { return child }
        // Keys may themselves contain dots, as versions do, so the longest key is tried first.
        var end = path.endIndex
        while let dot = path[..<end].lastIndex(of: ".") {
            if let child = child(String(path[..<dot])), let found = child[String(path[path.index(after: dot)...])] {
                return found
            }
            end = dot
        }
        return nil
    }

    /// The keys of a map, in the order of the file; empty for anything else.
    public var keys: [String] { node.entries?.map(\.key) ?? [] }

    /// Whether there is a key without a value.
    public var isNull: Bool { node.isNull }

    /// The tree as plain values.
    package var value: MessagePack.Value { node.value }

    /// Where the value was written.
    package var origin: ConfigurationOrigin { node.origin }

    /// The children of a map, in the order of the file.
    package var children: [(key: String, value: Configuration)] {
        (node.entries ?? []).map { ($0.key, part($0.node, path: pathOf($0.key))) }
    }

    /// The elements of a list; nil for anything else.
    package var elements: [Configuration]? {
        guard case .list(let nodes) = node.content else { return nil }
        return nodes.enumerated().map { part($1, path: "\(path)[\($0)]") }
    }

    /// The child with exactly this key or index.
    package func child(_ key: String) -> Configuration? {
        // Not the longest of several possible keys that contain a dot.
        if !key.contains(".") { reads?.note(key) }
        if let node = node[key] { return part(node, path: pathOf(key)) }
        guard let elements, let index = Int(key), elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    func part(_ node: ConfigurationNode, path: String) -> Configuration {
        var part = Configuration(node, path: path)
        part.isConcealed = isConcealed
        return part
    }

    /// The path of a child, whether or not it exists.
    package func pathOf(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Whether the value must not appear in errors and listings.
    package var isSecret: Bool {
        isConcealed || ConfigurationSecrets.isSecret(path)
            || origin.variables.contains(where: ConfigurationSecrets.isSecret)
    }

    /// An error about this value.
    package func error(_ message: String, allowed: String? = nil, nearest: [String] = []) -> ConfigurationError {
        ConfigurationError(at: origin, path, message, allowed: allowed, nearest: nearest)
    }

    /// An error that says what was found and what is allowed.
    package func mismatch(allowed: String) -> ConfigurationError {
        error("found \(node.described(isSecret: isSecret))", allowed: allowed)
    }
}

extension Configuration: Equatable {
    /// Compares the values, not where they were written.
    public static func == (a: Configuration, b: Configuration) -> Bool { a.node == b.node }
}

extension Configuration: CustomStringConvertible {
    /// The values, with secrets masked.
    public var description: String { masked.value.description }

    /// The same tree with secrets replaced by masks.
    package var masked: ConfigurationNode {
        var masked = node
        switch node.content {
        case .map: masked.content = .map(children.map { ($0.key, $0.value.masked) })
        case .list: masked.content = .list((elements ?? []).map(\.masked))
        case .null: break
        case _ where isSecret: masked = ConfigurationNode(.text(ConfigurationSecrets.mask), at: origin)
        case .text(let text): masked.content = .text(ConfigurationSecrets.withoutCredentials(text))
        default: break
        }
        return masked
    }

    /// All scalars, empty maps and empty lists below here, in the order of the file, with their paths.
    package var leaves: [Configuration] {
        if let elements, !elements.isEmpty { return elements.flatMap(\.leaves) }
        let children = children
        return children.isEmpty ? [self] : children.flatMap(\.value.leaves)
    }
}
