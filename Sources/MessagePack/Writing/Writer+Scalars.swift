extension Writer {
    /// Writes nil.
    public mutating func writeNil() {
        bytes.append(Format.nil)
    }

    /// Writes a bool.
    ///
    /// - Parameter value: The bool.
    public mutating func write(_ value: Bool) {
        bytes.append(value ? Format.true : Format.false)
    }

    /// Writes an integer.
    ///
    /// - Parameter value: The integer.
    public mutating func write(_ value: Int) {
        write(Int64(value))
    }

    /// Writes an integer.
    ///
    /// - Parameter value: The integer.
    public mutating func write(_ value: Int64) {
        if value >= 0 {
            write(UInt64(value))
        } else if value >= -32 {
            bytes.append(UInt8(bitPattern: Int8(value)))
        } else if let small = Int8(exactly: value) {
            append(Format.int8, small)
        } else if let small = Int16(exactly: value) {
            append(Format.int16, small)
        } else if let small = Int32(exactly: value) {
            append(Format.int32, small)
        } else {
            append(Format.int64, value)
        }
    }

    /// Writes an integer.
    ///
    /// - Parameter value: The integer.
    public mutating func write(_ value: UInt64) {
        if value <= 0x7f {
            bytes.append(UInt8(value))
        } else if let small = UInt8(exactly: value) {
            append(Format.uint8, small)
        } else if let small = UInt16(exactly: value) {
            append(Format.uint16, small)
        } else if let small = UInt32(exactly: value) {
            append(Format.uint32, small)
        } else {
            append(Format.uint64, value)
        }
    }

    /// Writes a 32-bit float.
    ///
    /// - Parameter value: The float.
    public mutating func write(_ value: Float) {
        append(Format.float32, value.bitPattern)
    }

    /// Writes a 64-bit float, even where 32 bits would do: Python has no others.
    ///
    /// - Parameter value: The float.
    public mutating func write(_ value: Double) {
        append(Format.float64, value.bitPattern)
    }

    /// Writes a string.
    ///
    /// - Parameter value: The string.
    /// - Precondition: It is shorter than 4 GiB.
    public mutating func write(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            writeStringHeader(utf8.count)
            bytes.append(contentsOf: utf8)
        }
    }

    /// Writes a literal string without making a `String`.
    mutating func write(literal value: StaticString) {
        write(utf8: UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    /// Writes a string whose bytes are known to be UTF-8, without making a `String`.
    package mutating func write(utf8 value: UnsafeRawBufferPointer) {
        writeStringHeader(value.count)
        bytes.append(contentsOf: value)
    }

    /// Writes binary data.
    ///
    /// - Parameter value: The bytes.
    /// - Precondition: There are fewer than 4 GiB.
    public mutating func writeBinary(_ value: some Collection<UInt8>) {
        appendHeader(value.count, Format.bin8, Format.bin16, Format.bin32)
        bytes.append(contentsOf: value)
    }

    /// Writes binary data.
    ///
    /// - Parameter value: The bytes.
    /// - Precondition: There are fewer than 4 GiB.
    public mutating func writeBinary(_ value: UnsafeRawBufferPointer) {
        appendHeader(value.count, Format.bin8, Format.bin16, Format.bin32)
        bytes.append(contentsOf: value)
    }

    /// Writes the header of an array; write `count` values after it.
    ///
    /// - Parameter count: The number of values, from 0 to 2^32 - 1.
    public mutating func writeArrayHeader(_ count: Int) {
        appendHeader(count, fixed: (Format.fixarray, 16), nil, Format.array16, Format.array32)
    }

    /// Writes the header of a map; write `count` key-value pairs after it.
    ///
    /// - Parameter count: The number of pairs, from 0 to 2^32 - 1.
    public mutating func writeMapHeader(_ count: Int) {
        appendHeader(count, fixed: (Format.fixmap, 16), nil, Format.map16, Format.map32)
    }

    /// Writes an extension.
    ///
    /// - Parameters:
    ///   - type: The type; negative ones are reserved by the specification.
    ///   - payload: The bytes, fewer than 4 GiB.
    public mutating func writeExt(type: Int8, bytes payload: some Collection<UInt8>) {
        switch payload.count {
        case 1: bytes.append(Format.fixext1)
        case 2: bytes.append(Format.fixext2)
        case 4: bytes.append(Format.fixext4)
        case 8: bytes.append(Format.fixext8)
        case 16: bytes.append(Format.fixext16)
        case let count: appendHeader(count, Format.ext8, Format.ext16, Format.ext32)
        }
        bytes.append(UInt8(bitPattern: type))
        bytes.append(contentsOf: payload)
    }

    /// Writes an embedded message: Python lymph's extension 101, whose readers get the value that `encoded` encodes.
    ///
    /// - Parameter encoded: One whole MessagePack value; it is not checked.
    public mutating func writeEmbedded(_ encoded: some Collection<UInt8>) {
        writeExt(type: ExtensionType.embedded, bytes: encoded)
    }

    /// Writes a timestamp in the smallest of the three formats.
    ///
    /// - Parameter value: The timestamp.
    public mutating func write(_ value: Timestamp) {
        if value.seconds >> 34 != 0 {
            bytes.append(contentsOf: [Format.ext8, 12, UInt8(bitPattern: ExtensionType.timestamp)])
            append(value.nanoseconds)
            append(value.seconds)
        } else if value.nanoseconds == 0, let seconds = UInt32(exactly: value.seconds) {
            append(Format.fixext4, ExtensionType.timestamp)
            append(seconds)
        } else {
            append(Format.fixext8, ExtensionType.timestamp)
            let bits = UInt64(value.nanoseconds) << 34 | UInt64(value.seconds)
            append(bits)
        }
    }

    private mutating func writeStringHeader(_ count: Int) {
        appendHeader(count, fixed: (Format.fixstr, 32), Format.str8, Format.str16, Format.str32)
    }
}
