internal import Lymph
internal import MessagePack

/// Reads JSON that a person wrote as a type has it, and collects what doesn't fit.
///
/// The types come from a service, which may say anything. What isn't understood is read without types.
struct TypedReader {
    private let definitions: [String: TypeDefinition]
    /// What can't be sent.
    private(set) var mistakes: [String] = []
    /// What would be ignored.
    private(set) var notes: [String] = []

    /// How many names may stand for one another.
    private static let longestChain = 16

    init(_ definitions: [TypeDefinition]) {
        self.definitions = Dictionary(definitions.map { ($0.name, $0) }) { first, _ in first }
    }

    mutating func add(_ mistake: String, _ question: String? = nil) {
        mistakes.append((question.map { "\(mistake); \($0)" } ?? mistake).visible)
    }

    /// Whether a value of the type is written as text, so that `name=text` needs no quotes.
    func isText(_ type: TypeSchema) -> Bool {
        switch resolved(type) {
        case .scalar(let scalar): scalar == .string || scalar.typedName != nil
        case .optional(let type): isText(type)
        case .named(let name): definitions[name]?.isOfTexts ?? false
        default: false
        }
    }

    /// The value, or nil if it doesn't fit; then there is a mistake.
    mutating func value(_ json: JSON, as type: TypeSchema, at place: String) -> Value {
        let resolved = resolved(type)
        if json[TypedName.typeKey] != nil { return tagged(json, as: type, resolved, at: place) }
        switch (resolved, json) {
        case (.optional(let type), _): return json == .null ? .nil : value(json, as: type, at: place)
        case (.scalar(.any), _), (.opaque, _): return untyped(json, at: place)
        case (.scalar(let scalar), _):
            if let value = scalar.value(of: json) { return value }
        case (.list(let element), .array(let values)), (.set(let element), .array(let values)):
            return .array(values.enumerated().map { value($1, as: element, at: "\(place)[\($0)]") })
        case (.tuple(let types), .array(let values)) where types.count == values.count:
            return .array(zip(values, types).enumerated().map { value($1.0, as: $1.1, at: "\(place)[\($0)]") })
        case (.map(let key, let type), .object(let members)):
            return .map(
                Map(
                    members.map { member in
                        (
                            self.key(member.name, as: key, at: place),
                            value(member.value, as: type, at: place + "." + member.name)
                        )
                    }))
        case (.named(let name), _):
            guard let definition = definitions[name] else { return untyped(json, at: place) }
            if let value = value(json, of: definition, at: place) { return value }
        default: break
        }
        return misfit(json, type, at: place)
    }

    private mutating func key(_ name: String, as type: TypeSchema, at place: String) -> Value {
        value(GivenArguments.Argument.text(name).json(isText: isText(type)), as: type, at: place)
    }

    /// None if it doesn't fit; a plain `nil` could be the value nil.
    private mutating func value(_ json: JSON, of definition: TypeDefinition, at place: String) -> Value? {
        switch (definition.shape, json) {
        case (.object(let fields), .object(let members)):
            return object(members, of: fields, definition, at: place)
        case (.choice(let variants), .string(let name)):
            // As a person would write a variant that carries nothing.
            guard variants.contains(where: { $0.name == name && $0.fields.isEmpty }) else { return Value?.none }
            return .map([.string(name): [:]])
        case (.choice(let variants), .object(let members)):
            guard members.count == 1, let variant = variants.first(where: { $0.name == members[0].name }) else {
                if definition.isComplete { return Value?.none }
                return untyped(json, at: place)
            }
            guard case .object(let values) = members[0].value else { return Value?.none }
            let inner = object(values, of: variant.fields, definition, at: place + "." + variant.name)
            return .map([.string(variant.name): inner])
        case (.texts(let texts), .string(let text)):
            guard texts.contains(text) || !definition.isComplete else { return Value?.none }
            return .string(text)
        case (.numbers(let numbers), .integer(let number)):
            guard numbers.contains(number) || !definition.isComplete else { return Value?.none }
            return .int(number)
        // A chain that is too long to be meant.
        case (.alias, _): return untyped(json, at: place)
        default: return Value?.none
        }
    }

    private mutating func object(
        _ members: [JSON.Member], of fields: [TypeDefinition.Field], _ definition: TypeDefinition, at place: String
    ) -> Value {
        var map = Map()
        for member in members {
            let inner = "\(place).\(member.name)"
            if let field = fields.first(where: { $0.name == member.name }) {
                map[member.name] = value(member.value, as: field.type, at: inner)
            } else {
                map[member.name] = untyped(member.value, at: inner)
                guard definition.isComplete else { continue }
                let question = NearNames.question(member.name, fields.map(\.name))
                notes.append(
                    (["\(inner) is unknown and ignored", question].compactMap(\.self).joined(separator: "; ")).visible)
            }
        }
        for field in fields where field.isRequired && !field.type.isOptional && map[field.name] == nil {
            add("\(place).\(field.name): \(field.type) is missing")
        }
        return .map(map)
    }

    /// A value in lymph's own format, which says its type itself.
    private mutating func tagged(
        _ json: JSON, as type: TypeSchema, _ resolved: TypeSchema, at place: String
    ) -> Value {
        let mistakesBefore = mistakes.count
        let value = untyped(json, at: place)
        if mistakes.count == mistakesBefore, !resolved.includes(value) { return misfit(json, type, at: place) }
        return value
    }

    private mutating func untyped(_ json: JSON, at place: String) -> Value {
        do throws(FleetFailure) {
            return try Value(json, at: place)
        } catch {
            add(error.message, error.advice)
            return .nil
        }
    }

    private mutating func misfit(_ json: JSON, _ type: TypeSchema, at place: String) -> Value {
        let resolved = resolved(type)
        var (wanted, question) = (resolved.wanted(isNumber: json.isInteger) ?? "\(type)", String?.none)
        if case .named(let name) = resolved.unwrapped, let definition = definitions[name] {
            wanted = definition.wanted
            if let text = json.string { question = NearNames.question(text, definition.choices) }
        }
        let found = json.text
        let excerpt = found.utf8.count <= 60 ? found : found.prefix(50) + "…"
        add("\(place) takes \(wanted), not \(excerpt)", question)
        return .nil
    }

    /// The type itself, if it is the name of another one.
    private func resolved(_ type: TypeSchema) -> TypeSchema {
        var type = type
        for _ in 0..<Self.longestChain {
            guard case .named(let name) = type, case .alias(let other)? = definitions[name]?.shape else { break }
            type = other
        }
        return type
    }
}

extension JSON {
    fileprivate var isInteger: Bool {
        switch self {
        case .integer, .unsigned: true
        default: false
        }
    }
}
