extension Value: ExpressibleByNilLiteral {
    /// Creates ``nil``.
    public init(nilLiteral: ()) { self = .nil }
}

extension Value: ExpressibleByBooleanLiteral {
    /// Creates a bool.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension Value: ExpressibleByIntegerLiteral {
    /// Creates an integer up to `Int64.max`; write `.uint(…)` for a larger one.
    public init(integerLiteral value: Int64) { self = .int(value) }
}

extension Value: ExpressibleByFloatLiteral {
    /// Creates a 64-bit float.
    public init(floatLiteral value: Double) { self = .double(value) }
}

extension Value: ExpressibleByStringInterpolation {
    /// Creates a string.
    public init(stringLiteral value: String) { self = .string(value) }
}

extension Value: ExpressibleByArrayLiteral {
    /// Creates an array.
    public init(arrayLiteral elements: Value...) { self = .array(elements) }
}

extension Value: ExpressibleByDictionaryLiteral {
    /// Creates a map; of pairs with the same key the last one wins.
    public init(dictionaryLiteral elements: (Value, Value)...) { self = .map(Map(elements)) }
}
