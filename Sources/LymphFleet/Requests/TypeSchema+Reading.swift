internal import Lymph
internal import MessagePack

extension TypeSchema.Scalar {
    /// The form of the type's text; nil if its values are no text with a form.
    var typedName: TypedName? {
        switch self {
        case .bytes: .bytes
        case .decimal: .decimal
        case .uuid: .uuid
        case .instant, .datetime: .datetime
        case .date: .date
        case .time: .time
        case .timestamp: .timestamp
        default: nil
        }
    }

    /// The values of an integer type.
    private var range: (lowest: Int64, highest: UInt64)? {
        switch self {
        case .int8: (Int64(Int8.min), UInt64(Int8.max))
        case .int16: (Int64(Int16.min), UInt64(Int16.max))
        case .int32: (Int64(Int32.min), UInt64(Int32.max))
        case .int64: (Int64.min, UInt64(Int64.max))
        case .uint8: (0, UInt64(UInt8.max))
        case .uint16: (0, UInt64(UInt16.max))
        case .uint32: (0, UInt64(UInt32.max))
        case .uint64: (0, UInt64.max)
        default: nil
        }
    }

    /// The value of a document; nil if it doesn't fit.
    func value(of json: JSON) -> Value? {
        if let range { return Self.integer(json, in: range) }
        switch (self, json) {
        case (.any, _): return try? Value(json)
        case (.nil, .null): return .nil
        case (.bool, .bool(let value)): return .bool(value)
        case (.number, .integer(let value)): return .int(value)
        case (.number, .unsigned(let value)): return .uint(value)
        case (.number, .double(let value)): return .double(value)
        case (.number, .string(let text)): return TypedName.float.value(of: text)
        case (.string, .string(let text)): return .string(text)
        case (.decimal, .integer(let value)): return .decimal(ExactDecimal(value))
        case (.decimal, .unsigned(let value)): return .decimal(ExactDecimal(value))
        case (.decimal, .double(let value)): return Self.decimal(value)
        case (.instant, .string(let text)):
            guard let value = DateTime(text), value.utcOffset != nil else { return Value?.none }
            return .datetime(value)
        case (_, .string(let text)): return typedName?.value(of: text)
        default: return Value?.none
        }
    }

    private static func integer(_ json: JSON, in range: (lowest: Int64, highest: UInt64)) -> Value? {
        // Not with `nil` in conditional expressions, which could be the value nil.
        switch json {
        case .integer(let value) where value < 0 && value >= range.lowest: return .int(value)
        case .integer(let value) where value >= 0 && UInt64(value) <= range.highest: return .int(value)
        case .unsigned(let value) where value <= range.highest: return .uint(value)
        // 3.0 and 1e3, which are integers in JSON Schema.
        case .double(let value):
            guard let integer = Int64(exactly: value) else { return Value?.none }
            return self.integer(.integer(integer), in: range)
        default: return Value?.none
        }
    }

    /// Nil if there may have been digits that a double doesn't have.
    private static func decimal(_ value: Double) -> Value? {
        let text = value.description
        guard text.prefix(while: { $0 != "e" }).count(where: \.isNumber) <= 15 else { return Value?.none }
        return ExactDecimal(text).map(Value.decimal)
    }

    /// What a person has to write.
    ///
    /// - Parameter isNumber: Whether an integer was written, so that it is too large or too small.
    fileprivate func wanted(isNumber: Bool) -> String {
        let type = "\(TypeSchema.scalar(self))"
        if let range { return isNumber ? "\(type) (\(range.lowest) to \(range.highest))" : type }
        switch self {
        case .nil: return "null"
        case .bool: return "true or false"
        case .number: return "a number"
        case .string: return "a string"
        case .bytes: return "\(type), in Base64, such as \(TypedName.bytes.example)"
        case .decimal: return "\(type), such as \(TypedName.decimal.example), in quotes if it has more than 15 digits"
        case .instant: return "\(type) with its offset from UTC, such as \(TypedName.datetime.example)"
        default: return typedName.map { "\(type), such as \($0.example)" } ?? type
        }
    }
}

extension TypeSchema {
    /// The type or, of an optional one, what it is if it isn't nil.
    var unwrapped: TypeSchema {
        if case .optional(let type) = self { type.unwrapped } else { self }
    }

    /// What a person has to write, if that says more than the type's name.
    func wanted(isNumber: Bool) -> String? {
        switch self {
        case .scalar(let scalar): scalar.wanted(isNumber: isNumber)
        case .optional(let type): type.wanted(isNumber: isNumber)
        case .tuple(let types): "an array of \(types.count): \(self)"
        default: nil
        }
    }

    /// Whether a value in lymph's own format is one of the type's.
    func includes(_ value: Value) -> Bool {
        switch (self, value) {
        case (.optional(let type), _): value == .undefined || type.includes(value)
        case (.scalar(.any), _), (.opaque, _), (.set, .set), (.list, .set), (.named, _): true
        case (.scalar(.number), .double), (.scalar(.decimal), .decimal), (.scalar(.uuid), .uuid),
            (.scalar(.bytes), .binary), (.scalar(.datetime), .datetime), (.scalar(.date), .date),
            (.scalar(.time), .time), (.scalar(.timestamp), .timestamp), (.scalar(.instant), .timestamp):
            true
        case (.scalar(.instant), .datetime(let value)): value.utcOffset != nil
        default: false
        }
    }
}

extension TypeDefinition {
    /// Whether the values are strings.
    var isOfTexts: Bool {
        if case .texts = shape { true } else { false }
    }

    /// The words among which a person chooses.
    var choices: [String] {
        switch shape {
        case .texts(let texts): texts
        case .choice(let variants): variants.map(\.name)
        default: []
        }
    }

    /// What a person has to write.
    var wanted: String {
        switch shape {
        case .object: "\(name), an object of \(text)"
        case .choice: "\(name), an object with one of \(text)"
        default: text
        }
    }
}
