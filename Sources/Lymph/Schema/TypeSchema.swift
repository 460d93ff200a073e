/// The type of a parameter, a result or a part of one, as far as it decides which values are sent.
package indirect enum TypeSchema: Sendable, Hashable {
    /// A value without parts that are known.
    case scalar(Scalar)
    /// A value or nil.
    case optional(TypeSchema)
    case list(TypeSchema)
    case set(TypeSchema)
    case map(key: TypeSchema, value: TypeSchema)
    /// A list in which each place has a type of its own.
    case tuple([TypeSchema])
    /// A type with a ``TypeDefinition`` of this name.
    case named(String)
    /// A type of which only the name is known.
    case opaque(String)

    /// A kind of value. The raw value is its name on the wire, which never changes.
    package enum Scalar: String, Sendable, CaseIterable {
        case any
        /// Only nil: a method without a result.
        case `nil`
        case bool
        case int8, int16, int32, int64
        case uint8, uint16, uint32, uint64
        case number, string, bytes, decimal, uuid
        /// A datetime that names a point in time.
        case instant
        /// A datetime with or without its offset from UTC.
        case datetime
        case date, time, timestamp
    }

    /// The type or nil; an optional type stays as it is, because nil is sent for any of its levels.
    package static func optional(of type: TypeSchema) -> TypeSchema {
        if case .optional = type { type } else { .optional(type) }
    }

    /// Whether nil is among its values, as a type of its own.
    package var isOptional: Bool {
        if case .optional = self { true } else { false }
    }
}

/// A type with a name, and what it consists of. It may contain itself.
package struct TypeDefinition: Sendable, Hashable {
    package enum Shape: Sendable, Hashable {
        /// A map with these keys.
        case object([Field])
        /// A map with one of these keys, as Swift encodes an enum with associated values.
        case choice([Variant])
        /// One of these strings.
        case texts([String])
        /// One of these numbers.
        case numbers([Int64])
        /// The same as another type: a list of itself, for example.
        case alias(TypeSchema)
    }

    package struct Field: Sendable, Hashable {
        package let name: String
        package let type: TypeSchema
        package let isRequired: Bool

        package init(_ name: String, _ type: TypeSchema, isRequired: Bool = true) {
            self.name = name
            self.type = type
            self.isRequired = isRequired
        }
    }

    package struct Variant: Sendable, Hashable {
        package let name: String
        package let fields: [Field]

        package init(_ name: String, _ fields: [Field] = []) {
            self.name = name
            self.fields = fields
        }
    }

    package let name: String
    package let shape: Shape
    /// Whether this is all of it. What a type reads after it has refused a made-up value stays unknown.
    package let isComplete: Bool

    package init(_ name: String, _ shape: Shape, isComplete: Bool = true) {
        self.name = name
        self.shape = shape
        self.isComplete = isComplete
    }
}

extension TypeSchema {
    /// The named types that the type mentions, in order.
    package var mentioned: [String] {
        switch self {
        case .scalar, .opaque: []
        case .named(let name): [name]
        case .optional(let type), .list(let type), .set(let type): type.mentioned
        case .map(let key, let value): key.mentioned + value.mentioned
        case .tuple(let types): types.flatMap(\.mentioned)
        }
    }
}

extension TypeDefinition {
    /// The named types that the definition mentions, in order.
    package var mentioned: [String] {
        switch shape {
        case .object(let fields): fields.flatMap(\.type.mentioned)
        case .choice(let variants): variants.flatMap { $0.fields.flatMap(\.type.mentioned) }
        case .texts, .numbers: []
        case .alias(let type): type.mentioned
        }
    }
}

extension [TypeDefinition] {
    /// The definitions that types need, each once, in the order of their first mention.
    package func needed(by types: [TypeSchema]) -> [TypeDefinition] {
        let all = Dictionary(map { ($0.name, $0) }) { first, _ in first }
        var needed: [TypeDefinition] = []
        var seen: Set<String> = []
        var next = types.flatMap(\.mentioned)[...]
        while let name = next.popFirst() {
            guard seen.insert(name).inserted, let definition = all[name] else { continue }
            needed.append(definition)
            next += definition.mentioned
        }
        return needed
    }
}
