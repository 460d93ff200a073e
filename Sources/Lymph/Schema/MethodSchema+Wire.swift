package import MessagePack

// A method's schema in the answer of `lymph.inspect`: keys of their own next to name and help, which other versions
// and Python's client ignore. Types are text if they are scalars, otherwise lists that begin with what they are.
extension MethodSchema {
    /// The keys that say something.
    package var wireFields: [(name: String, value: Value)] {
        var fields: [(name: String, value: Value)] = []
        if areParametersKnown {
            let types = parameters.map { (Value.string($0.name), $0.type?.wire ?? .nil) }
            fields.append((WireKey.types, .map(Map(types))))
        }
        let optional = parameters.filter { !$0.isRequired }
        if !optional.isEmpty {
            fields.append(
                (WireKey.defaults, .map(Map(optional.map { (.string($0.name), $0.defaultValue ?? .nil) }))))
        }
        if let result { fields.append((WireKey.returns, result.wire)) }
        if !raises.isEmpty {
            let errors = raises.map { Value.array([.string($0.name)] + $0.fields.map(\.wire)) }
            fields.append((WireKey.raises, .array(errors)))
        }
        if let isIdempotent { fields.append((WireKey.idempotent, .bool(isIdempotent))) }
        if !definitions.isEmpty { fields.append((WireKey.definitions, .array(definitions.map(\.wire)))) }
        return fields
    }
}

/// The keys and words of a schema on the wire.
enum WireKey {
    static let types = "types"
    static let defaults = "defaults"
    static let returns = "returns"
    static let raises = "raises"
    static let idempotent = "idempotent"
    static let definitions = "defs"

    static let optional = "optional"
    static let list = "list"
    static let set = "set"
    static let map = "map"
    static let tuple = "tuple"
    static let reference = "ref"
    static let opaque = "opaque"

    static let object = "object"
    static let choice = "choice"
    static let texts = "enum"
    static let alias = "alias"
    static let more = "more"
}

extension TypeSchema {
    package var wire: Value {
        switch self {
        case .scalar(let scalar): .string(scalar.rawValue)
        case .optional(let type): .array([.string(WireKey.optional), type.wire])
        case .list(let type): .array([.string(WireKey.list), type.wire])
        case .set(let type): .array([.string(WireKey.set), type.wire])
        case .map(let key, let value): .array([.string(WireKey.map), key.wire, value.wire])
        case .tuple(let types): .array([.string(WireKey.tuple)] + types.map(\.wire))
        case .named(let name): .array([.string(WireKey.reference), .string(name)])
        case .opaque(let name): .array([.string(WireKey.opaque), .string(name)])
        }
    }
}

extension TypeDefinition.Field {
    /// Name, type and, if the field may be missing, false.
    fileprivate var wire: Value { .array([.string(name), type.wire] + (isRequired ? [] : [.bool(false)])) }
}

extension TypeDefinition {
    /// Name, shape, its parts and, if there may be more parts, one word.
    fileprivate var wire: Value {
        let (word, parts): (String, [Value]) =
            switch shape {
            case .object(let fields): (WireKey.object, fields.map(\.wire))
            case .choice(let variants):
                (WireKey.choice, variants.map { .array([.string($0.name)] + $0.fields.map(\.wire)) })
            case .texts(let texts): (WireKey.texts, texts.map(Value.string))
            case .numbers(let numbers): (WireKey.texts, numbers.map(Value.int))
            case .alias(let type): (WireKey.alias, [type.wire])
            }
        return .array(
            [.string(name), .string(word), .array(parts)] + (isComplete ? [] : [.string(WireKey.more)]))
    }
}
