/// Encodes `Encodable` types as MessagePack.
///
/// Structures and dictionaries become maps, arrays become arrays. `[UInt8]` and Foundation's `Data` become binary data;
/// `Date`, `UUID`, `Decimal` and `Set` become the extension objects that Python lymph knows, as do ``DateTime``,
/// ``CalendarDate`` and ``TimeOfDay``; a ``Timestamp`` becomes the timestamp of the specification. Names of properties
/// are strings; keys of dictionaries are whatever they encode as, so `[Int: String]` has integer keys.
public enum MessagePackEncoder {
    /// Returns the bytes of `value` as one message.
    ///
    /// - Parameter value: The value.
    /// - Returns: The bytes.
    /// - Throws: ``MessagePackError`` if the value is nested too deep, has a property named `__type__` or has no
    ///   MessagePack form; any error that the value's own `encode(to:)` throws.
    public static func encode<T: Encodable>(_ value: T) throws -> [UInt8] {
        // Most values are small, so this avoids growing the array several times.
        var writer = Writer(capacity: 64)
        try writer.encode(value)
        return writer.bytes
    }
}

extension Writer {
    /// Writes any encodable value, without a ``Value`` in between.
    ///
    /// It also takes a value of type `any Encodable`.
    ///
    /// - Parameter value: The value.
    /// - Throws: The errors of ``MessagePackEncoder/encode(_:)``. Nothing of the value is left in the output then.
    public mutating func encode<T: Encodable>(_ value: T) throws {
        if try encodeScalar(value) { return }
        let encoding = Encoding(taking: &self)
        defer { self = encoding.release() }
        try encoding.complete(from: encoding.state.mark) { try encoding.encode(value) }
    }

    /// Writes `value` if its type is one of the most frequent ones; false for other types.
    ///
    /// The comparisons are of types, so the casts cannot change a representation.
    @inline(__always)
    mutating func encodeScalar<T>(_ value: T) throws(MessagePackError) -> Bool {
        if T.self == String.self {
            try writeChecked(unsafeBitCast(value, to: String.self))
        } else if T.self == Int.self {
            write(unsafeBitCast(value, to: Int.self))
        } else if T.self == Bool.self {
            write(unsafeBitCast(value, to: Bool.self))
        } else if T.self == Double.self {
            write(unsafeBitCast(value, to: Double.self))
        } else if T.self == Value.self {
            try write(unsafeBitCast(value, to: Value.self))
        } else {
            return false
        }
        return true
    }
}
