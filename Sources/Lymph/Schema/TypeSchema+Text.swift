internal import MessagePack

extension TypeSchema: CustomStringConvertible {
    /// The type as Swift writes it.
    package var description: String {
        switch self {
        case .scalar(let scalar): scalar.text
        case .optional(let type): "\(type)?"
        case .list(let type): "[\(type)]"
        case .set(let type): "Set<\(type)>"
        case .map(let key, let value): "[\(key): \(value)]"
        case .tuple(let types): "(\(types.map(\.description).joined(separator: ", ")))"
        case .named(let name), .opaque(let name): name
        }
    }
}

extension TypeSchema.Scalar {
    fileprivate var text: String {
        switch self {
        case .any: "Value"
        case .nil: "Void"
        case .bool: "Bool"
        case .int8: "Int8"
        case .int16: "Int16"
        case .int32: "Int32"
        case .int64: "Int"
        case .uint8: "UInt8"
        case .uint16: "UInt16"
        case .uint32: "UInt32"
        case .uint64: "UInt"
        case .number: "Double"
        case .string: "String"
        case .bytes: "Data"
        case .decimal: "Decimal"
        case .uuid: "UUID"
        case .instant: "Date"
        case .datetime: "DateTime"
        case .date: "CalendarDate"
        case .time: "TimeOfDay"
        case .timestamp: "Timestamp"
        }
    }
}

extension TypeDefinition {
    /// What the type consists of: `sku: String, quantity: Int`.
    package var text: String {
        let text =
            switch shape {
            case .object(let fields): fields.text
            case .choice(let variants):
                variants.map { $0.fields.isEmpty ? $0.name : "\($0.name)(\($0.fields.text))" }
                    .joined(separator: " | ")
            case .texts(let texts): texts.map(\.debugDescription).joined(separator: " | ")
            case .numbers(let numbers): numbers.map(String.init).joined(separator: " | ")
            case .alias(let type): type.description
            }
        if isComplete { return text.isEmpty ? "nothing" : text }
        return text.isEmpty ? "…" : text + ", …"
    }
}

extension [TypeDefinition.Field] {
    fileprivate var text: String { map(\.text).joined(separator: ", ") }
}

extension TypeDefinition.Field {
    fileprivate var text: String {
        "\(name): \(isRequired ? type : .optional(of: type))"
    }
}

extension ParameterSchema {
    /// What follows the name: `: Int = 1`.
    package var typeText: String {
        guard let type else { return "" }
        if let defaultValue {
            let text = defaultValue.description
            return ": \(type) = \(text.utf8.count <= 40 ? text : "…")"
        }
        return ": \(type)" + (isRequired || type.isOptional ? "" : " = …")
    }
}

extension MethodSchema.Raised {
    /// The name and what the error carries: `OutOfStock(sku: String)`.
    package var text: String { fields.isEmpty ? name : "\(name)(\(fields.text))" }
}

extension MethodSchema {
    /// What follows the parameters: ` -> Order`.
    package var resultText: String {
        guard let result, result != .scalar(.nil) else { return "" }
        return " -> \(result)"
    }

    /// The method as Swift declares it: `place(lines: [Line], note: String?) -> Order`.
    package func signature(_ name: String) -> String {
        "\(name)(\(parameters.map { $0.name + $0.typeText }.joined(separator: ", ")))\(resultText)"
    }

    /// The lines below the signature: named types, errors, idempotence.
    package var notes: [(title: String, text: String)] {
        var notes = definitions.map { (title: $0.name, text: $0.text) }
        if !raises.isEmpty { notes.append(("raises", raises.map(\.text).joined(separator: ", "))) }
        if isIdempotent == true { notes.append(("idempotent", "may run twice for one call")) }
        return notes
    }
}
