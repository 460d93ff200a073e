extension Value {
    /// Decodes the value as a type of yours.
    ///
    /// - Parameter type: The type.
    /// - Returns: The typed value.
    /// - Throws: The errors of ``MessagePackDecoder``, if the value does not fit the type.
    public func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
        if type == Value.self, let same = self as? T { return same }
        var writer = Writer(limits: .init(depth: MessagePackLimits.maximumDepth))
        // The bytes are not sent, so the restrictions for peers don't apply.
        writer.isForPeers = false
        try writer.write(self)
        return try MessagePackDecoder.decode(
            type, from: writer.bytes, limits: .init(depth: MessagePackLimits.maximumDepth))
    }

    /// Creates the value as which an encodable one is encoded.
    ///
    /// - Parameter value: The value.
    /// - Throws: The errors of ``MessagePackEncoder``, if the value cannot be encoded.
    public init<T: Encodable>(encoding value: T) throws {
        if let same = value as? Value {
            self = same
        } else {
            self = try Value(decoding: MessagePackEncoder.encode(value))
        }
    }
}
