extension Value {
    /// The value of a name in a map; nil if there is none, or if this is not a map.
    ///
    /// - Parameter key: The name. It also matches a key that Python 2 wrote as binary data.
    public subscript(key: String) -> Value? { mapValue?[key] }

    /// The value of a key of any kind in a map; nil if there is none, or if this is not a map.
    ///
    /// - Parameter key: The key.
    public subscript(key: Value) -> Value? { mapValue?[key] }

    /// The element of an array; nil if there is none, or if this is not an array.
    ///
    /// - Parameter index: The index, from 0. For a map with integer keys use ``subscript(_:)-(Value)``.
    public subscript(index: Int) -> Value? {
        guard case .array(let values) = self, values.indices.contains(index) else { return nil }
        return values[index]
    }

    /// Whether this is ``nil``.
    public var isNil: Bool { self == .nil }

    /// Whether this is an array, a map or a set.
    var isContainer: Bool {
        switch self {
        case .array, .map, .set: true
        default: false
        }
    }

    /// The bool; nil for other values.
    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The integer; nil for other values, and if it does not fit.
    public var intValue: Int? {
        switch self {
        case .int(let value): Int(exactly: value)
        case .uint(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The integer; nil for other values, and if it is negative.
    public var uintValue: UInt64? {
        switch self {
        case .int(let value): UInt64(exactly: value)
        case .uint(let value): value
        default: nil
        }
    }

    /// The number; nil for other values, and for an integer that would be rounded.
    public var doubleValue: Double? {
        switch self {
        case .double(let value): value
        case .float(let value): Double(value)
        case .int(let value): Double(exactly: value)
        case .uint(let value): Double(exactly: value)
        default: nil
        }
    }

    /// The string, or binary data that is valid UTF-8 (Python 2's native strings); nil for other values.
    public var stringValue: String? {
        switch self {
        case .string(let value): value
        case .binary(let value): value.withUnsafeBytes { String(utf8: $0) }
        default: nil
        }
    }

    /// The binary data; nil for other values.
    public var binaryValue: [UInt8]? {
        guard case .binary(let value) = self else { return nil }
        return value
    }

    /// The elements of an array or the members of a set; nil for other values.
    public var arrayValue: [Value]? {
        switch self {
        case .array(let values), .set(let values): values
        default: nil
        }
    }

    /// The map; nil for other values.
    public var mapValue: Map? {
        guard case .map(let value) = self else { return nil }
        return value
    }
}
