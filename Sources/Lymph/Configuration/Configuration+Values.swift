internal import MessagePack

extension ConfigurationNode {
    /// The plain value.
    var value: Value {
        switch content {
        case .null: .nil
        case .bool(let value): .bool(value)
        case .integer(let value): .int(value)
        case .number(let value): .double(value)
        case .text(let text): .string(text)
        case .list(let nodes): .array(nodes.map(\.value))
        case .map(let entries): .map(Map(entries.map { (.string($0.key), $0.node.value) }))
        }
    }

    /// A value that was written in code. One that no file could hold becomes its description.
    init(_ value: Value) {
        let content: Content =
            switch value {
            case .nil, .undefined: .null
            case .bool(let value): .bool(value)
            case .int(let value): .integer(value)
            case .uint(let value): Int64(exactly: value).map(Content.integer) ?? .number(Double(value))
            case .float(let value): .number(Double(value))
            case .double(let value): .number(value)
            case .string(let text): .text(text)
            case .array(let values): .list(values.map { ConfigurationNode($0) })
            case .map(let map):
                .map(map.map { ($0.key.stringValue ?? $0.key.description, ConfigurationNode($0.value)) })
            default: .text(value.description)
            }
        self.init(content, at: .code)
    }
}

extension Configuration: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    /// Creates a map. If a key occurs twice, the last element wins.
    public init(dictionaryLiteral elements: (String, Configuration)...) {
        var node = ConfigurationNode(.map([]), at: .code)
        for (key, value) in elements { node[key] = value.node }
        self.init(node)
    }

    /// Creates a list.
    public init(arrayLiteral elements: Configuration...) {
        self.init(ConfigurationNode(.list(elements.map(\.node)), at: .code))
    }
}

extension Configuration: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    /// Creates a text.
    public init(stringLiteral text: String) {
        self.init(ConfigurationNode(.text(text), at: .code))
    }

    /// Creates a whole number.
    public init(integerLiteral value: Int64) {
        self.init(ConfigurationNode(.integer(value), at: .code))
    }

    /// Creates a number.
    public init(floatLiteral value: Double) {
        self.init(ConfigurationNode(.number(value), at: .code))
    }
}

extension Configuration: ExpressibleByBooleanLiteral, ExpressibleByNilLiteral {
    /// Creates a boolean.
    public init(booleanLiteral value: Bool) {
        self.init(ConfigurationNode(.bool(value), at: .code))
    }

    /// Creates a null value, as for a key without a value.
    public init(nilLiteral: ()) {
        self.init(ConfigurationNode(.null, at: .code))
    }
}
