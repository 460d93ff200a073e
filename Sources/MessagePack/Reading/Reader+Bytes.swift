extension Reader {
    /// Reads a string, or binary data that is valid UTF-8, which is how Python 2 peers write native strings.
    ///
    /// - Returns: The string.
    /// - Throws: ``MessagePackError`` if the next value is anything else or not valid UTF-8.
    public mutating func readString() throws(MessagePackError) -> String {
        let start = offset
        return try makeString(try takeText(), at: start)
    }

    /// Reads binary data.
    ///
    /// - Returns: A copy of the bytes.
    /// - Throws: ``MessagePackError`` if the next value is anything else; a string is not binary data.
    public mutating func readBinary() throws(MessagePackError) -> [UInt8] {
        [UInt8](try takeBinary())
    }

    /// Reads an extension of any type; timestamps and embedded messages are not interpreted.
    ///
    /// - Returns: The type and a copy of the payload.
    /// - Throws: ``MessagePackError`` if the next value is anything else.
    public mutating func readExt() throws(MessagePackError) -> (type: Int8, bytes: [UInt8]) {
        let (type, payload) = try takeExt()
        return (type, [UInt8](payload))
    }

    /// Reads a timestamp of the specification.
    ///
    /// - Returns: The timestamp.
    /// - Throws: ``MessagePackError`` if the next value is anything else or malformed.
    public mutating func readTimestamp() throws(MessagePackError) -> Timestamp {
        let start = offset
        guard Format.isExt(try peek()) else { throw mismatch("a timestamp", at: start) }
        let (type, payload) = try takeExt()
        guard type == ExtensionType.timestamp else {
            throw MessagePackError(
                .typeMismatch, "expected a timestamp, found an extension of type \(type)", offset: start)
        }
        return try makeTimestamp(payload, at: start)
    }

    /// Reads a name: a string, or binary data, which is how Python 2 peers write names.
    ///
    /// - Returns: The name's bytes in place, verified to be UTF-8; they live as long as the message.
    /// - Throws: ``MessagePackError`` if the next value is anything else or not valid UTF-8.
    package mutating func readKey() throws(MessagePackError) -> UnsafeRawBufferPointer {
        let start = offset
        let text = try takeText()
        guard text.isValidUTF8 else { throw invalidUTF8(at: start) }
        return text
    }

    /// Skips a string or binary data and returns its bytes in place, without verifying UTF-8.
    mutating func takeText() throws(MessagePackError) -> UnsafeRawBufferPointer {
        let start = offset
        let head = try takeByte()
        switch head {
        case 0xa0...0xbf: return try take(Int(head & 0x1f))
        case Format.str8, Format.bin8: return try take(Int(try takeByte()))
        case Format.str16, Format.bin16: return try take(Int(try takeInteger(UInt16.self)))
        case Format.str32, Format.bin32: return try take(Int(try takeInteger(UInt32.self)))
        default: throw mismatch("a string", at: start)
        }
    }

    /// Skips binary data and returns its bytes in place.
    package mutating func takeBinary() throws(MessagePackError) -> UnsafeRawBufferPointer {
        let start = offset
        switch try takeByte() {
        case Format.bin8: return try take(Int(try takeByte()))
        case Format.bin16: return try take(Int(try takeInteger(UInt16.self)))
        case Format.bin32: return try take(Int(try takeInteger(UInt32.self)))
        default: throw mismatch("binary data", at: start)
        }
    }

    /// Skips an extension and returns its type and its payload in place.
    mutating func takeExt() throws(MessagePackError) -> (type: Int8, payload: UnsafeRawBufferPointer) {
        let start = offset
        let length: Int
        switch try takeByte() {
        case Format.fixext1: length = 1
        case Format.fixext2: length = 2
        case Format.fixext4: length = 4
        case Format.fixext8: length = 8
        case Format.fixext16: length = 16
        case Format.ext8: length = Int(try takeByte())
        case Format.ext16: length = Int(try takeInteger(UInt16.self))
        case Format.ext32: length = Int(try takeInteger(UInt32.self))
        default: throw mismatch("an extension", at: start)
        }
        let type = Int8(bitPattern: try takeByte())
        return (type, try take(length))
    }

    func makeString(_ text: UnsafeRawBufferPointer, at start: Int) throws(MessagePackError) -> String {
        guard let string = String(utf8: text) else { throw invalidUTF8(at: start) }
        return string
    }

    func makeTimestamp(_ payload: UnsafeRawBufferPointer, at start: Int) throws(MessagePackError) -> Timestamp {
        guard let timestamp = Timestamp(payload: payload) else {
            throw MessagePackError(
                .invalidFormat,
                "a timestamp of \(payload.count) bytes; it has 4, 8 or 12 and less than a second of nanoseconds",
                offset: start)
        }
        return timestamp
    }

    @inline(never)
    func invalidUTF8(at start: Int) -> MessagePackError {
        MessagePackError(.invalidUTF8, "a string is not valid UTF-8", offset: start)
    }
}
