/// Decodes `Decodable` types from MessagePack.
///
/// It reads what ``MessagePackEncoder`` writes, and what Python peers write: integers of any format as any integer
/// type that can hold them, exact integers as floating point types, binary data as strings and names if it is valid
/// UTF-8, arrays of integers as `[UInt8]` or Foundation's `Data`, timestamps as `Date`. Floats are never converted to
/// integers. If a key repeats, its last value counts, as in Python; a type may have to decode itself a second time
/// for that.
public enum MessagePackDecoder {
    /// Reads one whole message.
    ///
    /// - Parameters:
    ///   - type: The type to read.
    ///   - bytes: The message.
    ///   - limits: The limits to enforce.
    /// - Returns: The value.
    /// - Throws: ``MessagePackError`` if the bytes are malformed, exceed the limits, do not fit the type or go on after
    ///   the value; any error that the type's own `init(from:)` throws.
    public static func decode<T: Decodable>(
        _ type: T.Type = T.self,
        from bytes: [UInt8],
        limits: MessagePackLimits = .init()
    ) throws -> T {
        try bytes.withUnsafeBytes { try decode(type, from: $0, limits: limits) }
    }

    /// Reads one whole message in place.
    ///
    /// - Parameters:
    ///   - type: The type to read.
    ///   - bytes: The message.
    ///   - codingPath: The path to the message, for errors.
    ///   - limits: The limits to enforce.
    /// - Returns: The value.
    /// - Throws: What ``decode(_:from:limits:)`` throws.
    package static func decode<T: Decodable>(
        _ type: T.Type = T.self,
        from bytes: UnsafeRawBufferPointer,
        codingPath: [any CodingKey] = [],
        limits: MessagePackLimits = .init()
    ) throws -> T {
        var reader = Reader(bytes, limits: limits)
        let value = try reader.decode(type, codingPath: codingPath)
        try reader.finish()
        return value
    }
}

extension Reader {
    /// Reads the next value as a type of yours.
    ///
    /// - Parameters:
    ///   - type: The type to read.
    ///   - codingPath: The path to the value, for errors.
    /// - Returns: The value.
    /// - Throws: ``MessagePackError`` if the bytes are malformed, exceed the limits or do not fit the type; any error
    ///   that the type's own `init(from:)` throws. If the bytes are well formed, the value can then still be skipped.
    public mutating func decode<T: Decodable>(
        _ type: T.Type = T.self, codingPath: [any CodingKey] = []
    ) throws -> T {
        do {
            if hasBudget { try chargeNext() }
            // The elements have been counted already: a type may read a value several times.
            let elementsLeft = self.elementsLeft
            self.elementsLeft = .max
            defer { self.elementsLeft = elementsLeft }
            if Self.isScalar(type), !isNextEmbedded {
                let start = offset
                do { return try decodeScalar(type) } catch {
                    offset = start
                    throw error
                }
            }
            return try decodeFromSource(type, codingPath)
        } catch let error as MessagePackError {
            throw error.located(at: codingPath)
        }
    }

    /// Reads the next value. If keys repeat in it, reads it a second time, because the first of them may have been
    /// taken.
    private mutating func decodeFromSource<T: Decodable>(_ type: T.Type, _ codingPath: [any CodingKey]) throws -> T {
        let (start, end, depth) = (offset, end, depth)
        let source = DecodingSource(bytes, maximumDepth: maximumDepth, codingPath: codingPath)
        // A decoder may outlive its `init(from:)`; the bytes must not be read then.
        defer { source.close() }
        do {
            let value = try DecodingSite(source: source, parent: nil, key: nil).decode(type, from: &self)
            if !source.metRepeatedKey { return value }
        } catch {
            (offset, self.end, self.depth) = (start, end, depth)
            if !source.metRepeatedKey { throw error }
        }
        (offset, self.end, self.depth) = (start, end, depth)
        let again = DecodingSource(bytes, maximumDepth: maximumDepth, codingPath: codingPath, isIndexed: true)
        defer { again.close() }
        return try DecodingSite(source: again, parent: nil, key: nil).decode(type, from: &self)
    }

    /// Charges the elements of the next value to the budget, whether or not its type will read them.
    private mutating func chargeNext() throws(MessagePackError) {
        let start = offset
        try skipCountingEmbedded()
        offset = start
    }

    /// Whether `type` is one of the most frequent types, which ``decodeScalar(_:)`` reads.
    @inline(__always)
    static func isScalar<T>(_ type: T.Type) -> Bool {
        type == String.self || type == Int.self || type == Bool.self || type == Double.self
    }

    /// Reads a value of a type for which ``isScalar(_:)`` is true.
    ///
    /// The comparisons are of types, so the casts cannot change a representation. The result is not an optional,
    /// because instantiating the type `T?` at run time takes longer than reading.
    @inline(__always)
    mutating func decodeScalar<T>(_ type: T.Type) throws(MessagePackError) -> T {
        if type == String.self { return unsafeBitCast(try readString(), to: T.self) }
        if type == Int.self { return unsafeBitCast(try readInt(), to: T.self) }
        if type == Bool.self { return unsafeBitCast(try readBool(), to: T.self) }
        return unsafeBitCast(try readDouble(), to: T.self)
    }
}
