/// An integer as encoded: no Swift type covers both ends of the range.
enum WireInteger {
    case signed(Int64)
    /// Only above `Int64.max`.
    case unsigned(UInt64)

    init(_ value: UInt64) {
        self = value <= UInt64(Int64.max) ? .signed(Int64(value)) : .unsigned(value)
    }
}

extension WireInteger: CustomStringConvertible {
    var description: String {
        switch self {
        case .signed(let value): String(value)
        case .unsigned(let value): String(value)
        }
    }
}

extension Reader {
    /// Whether the next value is nil; false at the end of the bytes.
    public var isNextNil: Bool { offset < end && bytes[offset] == Format.nil }

    /// Reads nil.
    ///
    /// - Throws: ``MessagePackError`` if the next value is anything else.
    public mutating func readNil() throws(MessagePackError) {
        let start = offset
        guard try takeByte() == Format.nil else { throw mismatch("nil", at: start) }
    }

    /// Reads a bool.
    ///
    /// - Returns: The bool.
    /// - Throws: ``MessagePackError`` if the next value is anything else; integers are not bools.
    public mutating func readBool() throws(MessagePackError) -> Bool {
        let start = offset
        switch try takeByte() {
        case Format.true: return true
        case Format.false: return false
        default: throw mismatch("a bool", at: start)
        }
    }

    /// Reads an integer of any format.
    ///
    /// - Returns: The integer.
    /// - Throws: ``MessagePackError`` if the next value is not an integer (an integral float is not) or does not fit.
    public mutating func readInt64() throws(MessagePackError) -> Int64 { try readInteger(Int64.self) }

    /// Reads an integer of any format.
    ///
    /// - Returns: The integer.
    /// - Throws: ``MessagePackError`` if the next value is not an integer (an integral float is not) or does not fit.
    public mutating func readUInt64() throws(MessagePackError) -> UInt64 { try readInteger(UInt64.self) }

    /// Reads an integer of any format.
    ///
    /// - Returns: The integer.
    /// - Throws: ``MessagePackError`` if the next value is not an integer (an integral float is not) or does not fit.
    public mutating func readInt() throws(MessagePackError) -> Int { try readInteger(Int.self) }

    /// Reads a float of either width, or an integer that a double holds exactly.
    ///
    /// - Returns: The number.
    /// - Throws: ``MessagePackError`` if the next value is not a number, or an integer that would be rounded.
    public mutating func readDouble() throws(MessagePackError) -> Double {
        let start = offset
        switch try takeByte() {
        case Format.float64: return Double(bitPattern: try takeInteger(UInt64.self))
        case Format.float32: return Double(Float(bitPattern: try takeInteger(UInt32.self)))
        default:
            offset = start
            return try readIntegralFloat(Double.self)
        }
    }

    /// Reads a float of either width, rounding a double, or an integer that a float holds exactly.
    ///
    /// - Returns: The number.
    /// - Throws: ``MessagePackError`` if the next value is not a number, or an integer that would be rounded.
    public mutating func readFloat() throws(MessagePackError) -> Float {
        let start = offset
        switch try takeByte() {
        case Format.float32: return Float(bitPattern: try takeInteger(UInt32.self))
        case Format.float64: return Float(Double(bitPattern: try takeInteger(UInt64.self)))
        default:
            offset = start
            return try readIntegralFloat(Float.self)
        }
    }

    /// Reads an integer of any format into `type`.
    @inline(__always)
    mutating func readInteger<T: FixedWidthInteger>(_ type: T.Type) throws(MessagePackError) -> T {
        let start = offset
        let head = try peek()
        if head <= 0x7f {
            offset += 1
            return T(truncatingIfNeeded: head)
        }
        switch try readWireInteger(expecting: "an integer") {
        case .signed(let value): if let fitting = T(exactly: value) { return fitting }
        case .unsigned(let value): if let fitting = T(exactly: value) { return fitting }
        }
        offset = start
        throw integerOutOfRange("\(T.self)", allowed: "\(T.min) to \(T.max)")
    }

    /// Reads an integer of any format.
    mutating func readWireInteger(expecting expected: String) throws(MessagePackError) -> WireInteger {
        let start = offset
        let head = try takeByte()
        switch head {
        case 0x00...0x7f: return .signed(Int64(head))
        case 0xe0...0xff: return .signed(Int64(Int8(bitPattern: head)))
        case Format.uint8: return .signed(Int64(try takeByte()))
        case Format.uint16: return .signed(Int64(try takeInteger(UInt16.self)))
        case Format.uint32: return .signed(Int64(try takeInteger(UInt32.self)))
        case Format.uint64: return WireInteger(try takeInteger(UInt64.self))
        case Format.int8: return .signed(Int64(try takeInteger(Int8.self)))
        case Format.int16: return .signed(Int64(try takeInteger(Int16.self)))
        case Format.int32: return .signed(Int64(try takeInteger(Int32.self)))
        case Format.int64: return .signed(try takeInteger(Int64.self))
        default: throw mismatch(expected, at: start)
        }
    }

    private mutating func readIntegralFloat<T: BinaryFloatingPoint>(_ type: T.Type) throws(MessagePackError) -> T {
        let start = offset
        switch try readWireInteger(expecting: "a number") {
        case .signed(let value): if let exact = T(exactly: value) { return exact }
        case .unsigned(let value): if let exact = T(exactly: value) { return exact }
        }
        offset = start
        throw integerOutOfRange("\(T.self)", allowed: "an integer that it holds exactly")
    }

    /// The error for an integer at the position that does not fit.
    @inline(never)
    private mutating func integerOutOfRange(_ type: String, allowed: String) -> MessagePackError {
        let start = offset
        let value = (try? readWireInteger(expecting: "an integer"))?.description ?? "the integer"
        return MessagePackError(.outOfRange, "\(value) does not fit \(type) (\(allowed))", offset: start)
    }
}
