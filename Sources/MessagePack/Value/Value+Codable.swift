extension Value: Codable {
    /// Reads any value.
    ///
    /// From formats other than MessagePack it reads what they can express: nil, bools, numbers, strings, arrays and
    /// maps.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: What the decoder throws.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if decoder is DecodingFrame {
            self = try container.decode(Value.self)
        } else if container.decodeNil() {
            self = .nil
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .int(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .uint(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([Value].self) {
            self = .array(value)
        } else {
            self = .map(try Map(from: decoder))
        }
    }

    /// Writes the value.
    ///
    /// To formats other than MessagePack it writes what they can express: extension objects as text, binary data and
    /// sets as arrays, an extension as a map of its `type` and `bytes`, `undefined` as nil.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        if case .map(let map) = self, !(encoder is Encoding) {
            try map.encode(to: encoder)
            return
        }
        var container = encoder.singleValueContainer()
        if encoder is Encoding {
            try container.encode(self)
            return
        }
        switch self {
        case .nil, .undefined: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .uint(let value): try container.encode(value)
        case .float(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .binary(let bytes): try container.encode(bytes)
        case .array(let values), .set(let values): try container.encode(values)
        case .map(let map): try container.encode(map)
        case .ext(let type, let bytes):
            let fields: Map = ["type": .int(Int64(type)), "bytes": .binary(bytes)]
            try container.encode(fields)
        case .timestamp(let value): try container.encode(value)
        case .datetime(let value): try container.encode(value)
        case .date(let value): try container.encode(value)
        case .time(let value): try container.encode(value)
        case .decimal(let value): try container.encode(value)
        case .uuid(let value): try container.encode(value)
        }
    }
}

extension Map: Codable {
    /// Reads a map; in formats other than MessagePack its keys are names.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: What the decoder throws.
    public init(from decoder: any Decoder) throws {
        if decoder is DecodingFrame {
            self = try decoder.singleValueContainer().decode(Map.self)
            return
        }
        let container = try decoder.container(keyedBy: NameKey.self)
        self.init()
        for key in container.allKeys { self[.string(key.stringValue)] = try container.decode(Value.self, forKey: key) }
    }

    /// Writes the map; in formats other than MessagePack its keys become names.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        if encoder is Encoding {
            var container = encoder.singleValueContainer()
            try container.encode(self)
            return
        }
        var container = encoder.container(keyedBy: NameKey.self)
        for (key, value) in self {
            try container.encode(value, forKey: NameKey(stringValue: key.stringValue ?? key.description))
        }
    }
}
