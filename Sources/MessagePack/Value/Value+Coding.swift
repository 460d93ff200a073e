extension Value {
    /// Turns the value into a type of yours.
    ///
    /// - Parameter type: The type.
    /// - Returns: The typed value.
    /// - Throws: What ``MessagePackDecoder`` throws if the value does not fit the type.
    public func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
        if type == Value.self, let same = self as? T { return same }
        var writer = Writer(limits: .init(depth: MessagePackLimits.maximumDepth))
        // The bytes stay here, so what is forbidden towards peers is allowed.
        writer.isForPeers = false
        try writer.write(self)
        return try MessagePackDecoder.decode(
            type, from: writer.bytes, limits: .init(depth: MessagePackLimits.maximumDepth))
    }

    /// Creates the value that an encodable one encodes as.
    ///
    /// - Parameter value: The value.
    /// - Throws: What ``MessagePackEncoder`` throws if the value cannot be encoded.
    public init<T: Encodable>(encoding value: T) throws {
        if let same = value as? Value {
            self = same
        } else {
            self = try Value(decoding: MessagePackEncoder.encode(value))
        }
    }
}
