package import MessagePack

extension MethodSchema {
    /// Whether a service says that executing a method twice does no harm; nil if it doesn't say.
    static func isIdempotent(_ method: Value) -> Bool? { method[WireKey.idempotent]?.boolValue }

    /// Reads what a service says about a method. It may say anything: what can't be understood becomes opaque.
    ///
    /// Nil if it says nothing about types, as in Python.
    ///
    /// - Parameter names: The names of the parameters, in order.
    package init?(_ method: Value, parameters names: [String]) {
        var reader = SchemaReader()
        let types = method[WireKey.types]?.mapValue
        let defaults = method[WireKey.defaults]?.mapValue
        let result = method[WireKey.returns].map { reader.type($0) }
        let isIdempotent = Self.isIdempotent(method)
        let raises = method[WireKey.raises]?.arrayValue
        guard types != nil || result != nil || isIdempotent != nil || raises != nil else { return nil }
        var seen: Set<String> = []
        let parameters = names.map { name in
            let value = defaults?[name]
            // A method has each name once, and each lookup costs.
            let type = seen.insert(name).inserted ? types?[name].map { reader.type($0) } : nil
            return ParameterSchema(
                name, type, isRequired: value == nil, defaultValue: value == .some(.nil) ? Value?.none : value)
        }
        self.init(
            parameters: parameters, result: result, raises: reader.errors(raises ?? []), isIdempotent: isIdempotent,
            definitions: reader.definitions(method[WireKey.definitions]?.arrayValue ?? []))
    }
}

extension TypeSchema {
    /// Reads a type. What can't be understood becomes opaque.
    package init(wire value: Value) {
        var reader = SchemaReader()
        self = reader.type(value)
    }
}

/// Reads types that a stranger sent. Depth, number and length are limited.
private struct SchemaReader {
    private var partsLeft = 5000
    private static let maximumDepth = 16
    private static let longestName = 200

    /// Counts one part; false if there were too many.
    private mutating func count() -> Bool {
        partsLeft -= 1
        return partsLeft >= 0
    }

    private func name(_ value: Value?) -> String { String((value?.stringValue ?? "?").prefix(bytes: Self.longestName)) }

    mutating func type(_ value: Value, depth: Int = 0) -> TypeSchema {
        guard count(), depth < Self.maximumDepth else { return .opaque("…") }
        if let text = value.stringValue {
            return TypeSchema.Scalar(rawValue: text).map(TypeSchema.scalar) ?? .opaque(name(value))
        }
        guard case .array(let parts) = value, let word = parts.first?.stringValue else { return .opaque("?") }
        switch (word, parts.count) {
        case (WireKey.optional, 2): return .optional(of: type(parts[1], depth: depth + 1))
        case (WireKey.list, 2): return .list(type(parts[1], depth: depth + 1))
        case (WireKey.set, 2): return .set(type(parts[1], depth: depth + 1))
        case (WireKey.map, 3):
            return .map(key: type(parts[1], depth: depth + 1), value: type(parts[2], depth: depth + 1))
        case (WireKey.tuple, 1...257): return .tuple(parts.dropFirst().map { type($0, depth: depth + 1) })
        case (WireKey.reference, 2): return .named(name(parts[1]))
        case (WireKey.opaque, 2): return .opaque(name(parts[1]))
        default: return .opaque(name(parts[0]))
        }
    }

    private mutating func fields(_ values: some Sequence<Value>) -> [TypeDefinition.Field] {
        var fields: [TypeDefinition.Field] = []
        for value in values {
            guard count() else { break }
            guard case .array(let parts) = value, parts.count >= 2, let text = parts[0].stringValue else { continue }
            let isRequired = parts.count < 3 || parts[2].boolValue != false
            fields.append(.init(name(.string(text)), type(parts[1]), isRequired: isRequired))
        }
        return fields
    }

    mutating func errors(_ values: [Value]) -> [MethodSchema.Raised] {
        var errors: [MethodSchema.Raised] = []
        for value in values {
            guard count() else { break }
            guard case .array(let parts) = value, let text = parts.first?.stringValue else { continue }
            errors.append(.init(name(.string(text)), fields(parts.dropFirst())))
        }
        return errors
    }

    mutating func definitions(_ values: [Value]) -> [TypeDefinition] {
        var definitions: [TypeDefinition] = []
        for value in values {
            guard count() else { break }
            guard case .array(let parts) = value, parts.count >= 3, let text = parts[0].stringValue else { continue }
            let shape = shape(parts[1].stringValue ?? "", parts[2].arrayValue ?? [])
            definitions.append(
                .init(
                    name(.string(text)), shape ?? .object([]),
                    isComplete: shape != nil && partsLeft >= 0 && parts.count == 3))
        }
        return definitions
    }

    /// Nil if there is no such shape.
    private mutating func shape(_ word: String, _ parts: [Value]) -> TypeDefinition.Shape? {
        switch word {
        case WireKey.object: return .object(fields(parts))
        case WireKey.choice:
            return .choice(errors(parts).map { .init($0.name, $0.fields) })
        case WireKey.texts:
            let known = parts.prefix(max(0, partsLeft))
            partsLeft -= parts.count
            let numbers = known.compactMap(\.intValue).map(Int64.init)
            if !numbers.isEmpty, numbers.count == known.count { return .numbers(numbers) }
            let texts = known.compactMap { $0.stringValue == nil ? nil : name($0) }
            return texts.count == known.count ? .texts(texts) : nil
        case WireKey.alias: return parts.first.map { .alias(type($0)) }
        default: return nil
        }
    }
}
