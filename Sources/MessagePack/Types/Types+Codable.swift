// MessagePack coders read and write these types as Python lymph's extension objects. Other coders, such as JSON's,
// use the text.

extension CalendarDate: Codable {
    /// Reads the day from its text.
    public init(from decoder: any Decoder) throws { self = try decoder.decodeText() }

    /// Writes the day's text.
    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(self) }
}

extension TimeOfDay: Codable {
    /// Reads the time from its text.
    public init(from decoder: any Decoder) throws { self = try decoder.decodeText() }

    /// Writes the time's text.
    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(self) }
}

extension DateTime: Codable {
    /// Reads the value from its text.
    public init(from decoder: any Decoder) throws { self = try decoder.decodeText() }

    /// Writes the value's text.
    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(self) }
}

extension Timestamp: Codable {
    /// Reads the timestamp from its text.
    public init(from decoder: any Decoder) throws { self = try decoder.decodeText() }

    /// Writes the timestamp's text.
    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(self) }
}

extension ExactDecimal: Codable {
    /// Reads the number from its text.
    public init(from decoder: any Decoder) throws { self = try decoder.decodeText() }

    /// Writes the number's text.
    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(self) }
}

extension UniqueIdentifier: Codable {
    /// Reads the identifier from its text.
    public init(from decoder: any Decoder) throws { self = try decoder.decodeText() }

    /// Writes the identifier's text.
    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(self) }
}

extension Encoder {
    fileprivate func encodeText<T: DirectlyEncodable & LosslessStringConvertible>(_ value: T) throws {
        var container = singleValueContainer()
        if self is Encoding {
            try container.encode(value)
        } else {
            try container.encode(value.description)
        }
    }
}

extension Decoder {
    fileprivate func decodeText<T: DirectlyDecodable & LosslessStringConvertible>() throws -> T {
        let container = try singleValueContainer()
        if self is DecodingFrame { return try container.decode(T.self) }
        let text = try container.decode(String.self)
        guard let value = T(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is not a \(T.self)")
        }
        return value
    }
}
