extension Reader {
    /// Reads the next value, whatever it is.
    ///
    /// A map of the shape `{"__type__": NAME, "_": VALUE}` becomes the typed case if the name is one of Python lymph's
    /// and the value is well formed; otherwise it stays a map. An extension of type 101 is decoded as the message that
    /// it embeds, as Python lymph does; it counts against the same depth and budget.
    ///
    /// - Returns: The value.
    /// - Throws: ``MessagePackError`` if the bytes are malformed or exceed the limits.
    public mutating func readValue() throws(MessagePackError) -> Value {
        let start = offset
        let head = try peek()
        switch head {
        case Format.nil:
            offset += 1
            return .nil
        case Format.false, Format.true: return .bool(try readBool())
        case Format.float32:
            offset += 1
            return .float(Float(bitPattern: try takeInteger(UInt32.self)))
        case Format.float64:
            offset += 1
            return .double(Double(bitPattern: try takeInteger(UInt64.self)))
        case 0xa0...0xbf, Format.str8...Format.str32: return .string(try makeString(try takeText(), at: start))
        case Format.bin8...Format.bin32: return .binary(try readBinary())
        case 0x90...0x9f, Format.array16, Format.array32: return .array(try readArray())
        case 0x80...0x8f, Format.map16, Format.map32:
            let map = try readMap()
            return Value(object: map) ?? .map(map)
        case Format.ext8...Format.ext32, Format.fixext1...Format.fixext16: return try readExtValue()
        default:
            switch try readWireInteger(expecting: "a value") {
            case .signed(let value): return .int(value)
            case .unsigned(let value): return .uint(value)
            }
        }
    }

    private mutating func readArray() throws(MessagePackError) -> [Value] {
        try nested { (reader) throws(MessagePackError) in
            let count = try reader.readArrayHeader()
            var values: [Value] = []
            values.reserveCapacity(Self.reservation(count))
            for _ in 0..<count { values.append(try reader.readValue()) }
            return values
        }
    }

    private mutating func readMap() throws(MessagePackError) -> Map {
        try nested { (reader) throws(MessagePackError) in
            let count = try reader.readMapHeader()
            var map = Map()
            map.reserveCapacity(Self.reservation(count))
            for _ in 0..<count {
                let key = try reader.readValue()
                map.insert(try reader.readValue(), for: key)
            }
            return map
        }
    }

    private mutating func readExtValue() throws(MessagePackError) -> Value {
        let start = offset
        let (type, payload) = try takeExt()
        switch type {
        case ExtensionType.timestamp: return .timestamp(try makeTimestamp(payload, at: start))
        case ExtensionType.embedded:
            let (outerEnd, after) = (end, offset)
            offset = after - payload.count
            end = after
            let value = try nested { (reader) throws(MessagePackError) in try reader.readValue() }
            try finish()
            (end, offset) = (outerEnd, after)
            return value
        default: return .ext(type: type, bytes: [UInt8](payload))
        }
    }

    /// How many elements to reserve room for: the header's number, limited so that a false one costs next to nothing.
    private static func reservation(_ count: Int) -> Int { min(count, 1024) }
}

extension Value {
    /// Reads one whole message.
    ///
    /// - Parameters:
    ///   - bytes: The message.
    ///   - limits: The limits to enforce.
    /// - Throws: ``MessagePackError`` if the bytes are malformed, exceed the limits or go on after the value.
    public init(decoding bytes: [UInt8], limits: MessagePackLimits = .init()) throws(MessagePackError) {
        self = try bytes.withUnsafeBytes { buffer in
            Result { () throws(MessagePackError) in try Value(decoding: buffer, limits: limits) }
        }.get()
    }

    /// Reads one whole message.
    ///
    /// - Parameters:
    ///   - bytes: The message.
    ///   - limits: The limits to enforce.
    /// - Throws: ``MessagePackError`` if the bytes are malformed, exceed the limits or go on after the value.
    package init(decoding bytes: UnsafeRawBufferPointer, limits: MessagePackLimits = .init()) throws(MessagePackError) {
        var reader = Reader(bytes, limits: limits)
        self = try reader.readValue()
        try reader.finish()
    }
}
