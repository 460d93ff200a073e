package import MessagePack

// JSON Schema, draft 2020-12, of values as the command `lymph` writes them in JSON. Values for which JSON has no form
// are described by their text.
extension MethodSchema {
    private static let dialect = JSON.Member(
        name: "$schema", value: "https://json-schema.org/draft/2020-12/schema")

    /// A document for a program: one JSON Schema for the map of arguments, one for the result. Unknown ones are left
    /// out.
    ///
    /// - Parameter convert: Writes a default value.
    package func json(_ convert: (Value) -> JSON) -> JSON {
        var members: [JSON.Member] = []
        if areParametersKnown {
            members.append(.init(name: "params", value: argumentsJSON(convert)))
        }
        if let result { members.append(.init(name: "returns", value: document(result.json, for: [result]))) }
        if !raises.isEmpty {
            let raises = raises.map { error -> JSON in
                [
                    "name": .string(error.name),
                    "fields": document(.object(of: error.fields), for: error.fields.map(\.type)),
                ]
            }
            members.append(.init(name: "raises", value: .array(raises)))
        }
        if let isIdempotent { members.append(.init(name: "idempotent", value: .bool(isIdempotent))) }
        return .object(members)
    }

    private func argumentsJSON(_ convert: (Value) -> JSON) -> JSON {
        let properties = parameters.map { parameter -> JSON.Member in
            let schema = parameter.type?.json ?? [:]
            let value = parameter.defaultValue.map { [JSON.Member(name: "default", value: convert($0))] } ?? []
            return .init(name: parameter.name, value: schema.with(value))
        }
        let required = parameters.filter(\.isRequired).map(\.name)
        // Other arguments are refused.
        let schema = JSON.object(properties, required: required).with([
            .init(name: "additionalProperties", value: .bool(false))
        ])
        return document(schema, for: parameters.compactMap(\.type))
    }

    private func document(_ schema: JSON, for types: [TypeSchema]) -> JSON {
        let needed = definitions.needed(by: types)
        let members = needed.map { JSON.Member(name: $0.name, value: $0.json) }
        // A peer may mention types that it doesn't define.
        let missing = Set((types.flatMap(\.mentioned) + needed.flatMap(\.mentioned)))
            .subtracting(needed.map(\.name)).sorted().map { JSON.Member(name: $0, value: [:]) }
        let all = members + missing
        let definitions = all.isEmpty ? [] : [JSON.Member(name: "$defs", value: .object(all))]
        return JSON.object([Self.dialect]).with(schema.members + definitions)
    }
}

extension TypeSchema {
    /// The type in JSON Schema. Named types are references to `$defs`.
    package var json: JSON {
        switch self {
        case .scalar(let scalar): scalar.json
        case .optional(let type): ["anyOf": [type.json, ["type": "null"]]]
        case .list(let type): ["type": "array", "items": type.json]
        case .set(let type): ["type": "array", "items": type.json, "uniqueItems": .bool(true)]
        case .map(.named(let key), let value):
            ["type": "object", "propertyNames": TypeSchema.named(key).json, "additionalProperties": value.json]
        case .map(_, let value): ["type": "object", "additionalProperties": value.json]
        case .tuple(let types):
            [
                "type": "array", "prefixItems": .array(types.map(\.json)), "items": .bool(false),
                "minItems": .integer(Int64(types.count)),
            ]
        case .named(let name): ["$ref": .string("#/$defs/" + name.inReference)]
        case .opaque(let name): ["title": .string(name)]
        }
    }
}

extension TypeSchema.Scalar {
    fileprivate var json: JSON {
        switch self {
        case .any: [:]
        case .nil: ["type": "null"]
        case .bool: ["type": "boolean"]
        case .int8: .integer(Int8.min, Int8.max)
        case .int16: .integer(Int16.min, Int16.max)
        case .int32: .integer(Int32.min, Int32.max)
        case .int64: .integer(Int64.min, Int64.max)
        case .uint8: .integer(UInt8.min, UInt8.max)
        case .uint16: .integer(UInt16.min, UInt16.max)
        case .uint32: .integer(UInt32.min, UInt32.max)
        case .uint64: .integer(UInt64.min, UInt64.max)
        case .number: ["type": "number"]
        case .string: ["type": "string"]
        case .bytes: ["type": "string", "contentEncoding": "base64"]
        case .decimal: .text("decimal")
        case .uuid: .text("uuid")
        case .instant, .datetime: .text("date-time")
        case .date: .text("date")
        case .time: .text("time")
        case .timestamp: .text("timestamp")
        }
    }
}

extension TypeDefinition {
    fileprivate var json: JSON {
        let schema: JSON =
            switch shape {
            case .object(let fields): .object(of: fields)
            // A union of nothing has no values.
            case .choice(let variants): variants.isEmpty ? ["not": [:]] : ["oneOf": .array(variants.map(\.json))]
            case .texts(let texts): ["type": "string", "enum": .array(texts.map(JSON.string))]
            case .numbers(let numbers): ["type": "integer", "enum": .array(numbers.map(JSON.integer))]
            case .alias(let type): type.json
            }
        return isComplete ? schema : schema.with([.init(name: "$comment", value: "not all of it is known")])
    }
}

extension TypeDefinition.Variant {
    fileprivate var json: JSON {
        JSON.object([.init(name: name, value: .object(of: fields))], required: [name]).with([
            .init(name: "additionalProperties", value: .bool(false))
        ])
    }
}

extension JSON {
    fileprivate static func object(of fields: [TypeDefinition.Field]) -> JSON {
        object(
            fields.map { Member(name: $0.name, value: $0.type.json) },
            required: fields.filter(\.isRequired).map(\.name))
    }

    fileprivate static func object(_ properties: [Member], required: [String]) -> JSON {
        [
            "type": "object", "properties": .object(properties), "required": .array(required.map(JSON.string)),
        ]
    }

    fileprivate static func integer<T: FixedWidthInteger>(_ minimum: T, _ maximum: T) -> JSON {
        [
            "type": "integer", "minimum": .integer(Int64(minimum)),
            "maximum": Int64(exactly: maximum).map(JSON.integer) ?? .unsigned(UInt64(maximum)),
        ]
    }

    fileprivate static func text(_ format: String) -> JSON { ["type": "string", "format": .string(format)] }

    fileprivate var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }

    fileprivate func with(_ more: [Member]) -> JSON { .object(members + more) }
}

extension String {
    /// The name in a JSON Pointer in a URI fragment.
    fileprivate var inReference: String {
        replacing("~", with: "~0").replacing("/", with: "~1").utf8.reduce(into: "") { text, byte in
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII, scalar.properties.isAlphabetic || "0123456789-._~".unicodeScalars.contains(scalar) {
                text.unicodeScalars.append(scalar)
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}
