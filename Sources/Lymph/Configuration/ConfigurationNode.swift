/// A configuration value as it was written, and where.
package struct ConfigurationNode: Sendable {
    /// What was written.
    package enum Content: Sendable {
        case null
        case bool(Bool)
        case integer(Int64)
        case number(Double)
        case text(String)
        case list([ConfigurationNode])
        /// Unique keys, in the order of the file.
        case map([(key: String, node: ConfigurationNode)])
    }

    package var content: Content
    package var origin: ConfigurationOrigin

    /// How the file spells a value that isn't text: `08`, `0x10`, `yes`.
    package var written: String?

    /// Whether the value comes from an untyped source, such as an environment variable, so that text may stand for a
    /// number.
    package var isUntyped = false

    package init(_ content: Content, at origin: ConfigurationOrigin, isUntyped: Bool = false) {
        self.content = content
        self.origin = origin
        self.isUntyped = isUntyped
    }

    /// The keys and values of a map; nil for anything else.
    package var entries: [(key: String, node: ConfigurationNode)]? {
        if case .map(let entries) = content { entries } else { nil }
    }

    /// The text; nil for anything else.
    package var text: String? {
        if case .text(let text) = content { text } else { nil }
    }

    package var isNull: Bool {
        if case .null = content { true } else { false }
    }

    /// The value of a map's key. Setting an absent key adds it; setting nil removes it.
    package subscript(key: String) -> ConfigurationNode? {
        get { entries?.first { $0.key == key }?.node }
        set {
            var entries = entries ?? []
            let place = entries.firstIndex { $0.key == key }
            switch (place, newValue) {
            case (let place?, let node?): entries[place].node = node
            case (let place?, nil): entries.remove(at: place)
            case (nil, let node?): entries.append((key, node))
            case (nil, nil): break
            }
            content = .map(entries)
        }
    }

    /// What an error message says was found.
    package func described(isSecret: Bool) -> String {
        switch content {
        case .null: "nothing"
        case .list: "a list"
        case .map: "a map"
        case _ where isSecret: "a value that is not shown"
        case .bool(let value): written ?? "\(value)"
        case .integer(let value): "the number \(written ?? "\(value)")"
        case .number(let value): "the number \(written ?? "\(value)")"
        case .text(let text): "the string \(ConfigurationSecrets.withoutCredentials(text).debugDescription)"
        }
    }
}

extension ConfigurationNode: Equatable {
    /// Compares what was written, not where. The order of keys is ignored.
    package static func == (a: ConfigurationNode, b: ConfigurationNode) -> Bool {
        switch (a.content, b.content) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.text(let a), .text(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.map(let entries), .map(let others)):
            entries.count == others.count && entries.allSatisfy { b[$0.key] == $0.node }
        default: false
        }
    }
}
