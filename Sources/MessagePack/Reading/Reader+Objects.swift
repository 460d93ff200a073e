extension Reader {
    /// Advances to the value of the extension object `name`, `{"__type__": NAME, "_": VALUE}`, with its keys in
    /// either order.
    ///
    /// - Returns: Where the object ends, if its value comes before its name; nil if it ends where its value does.
    mutating func openObject(_ name: ObjectName) throws(MessagePackError) -> Int? {
        let start = offset
        guard Format.isMap(try peek()) else { throw mismatch("a \(name.rawValue) object", at: start) }
        guard depth < maximumDepth else { throw tooDeep() }
        guard try readMapHeader() == 2 else { throw noObject(name, at: start) }
        let first = try takeText()
        if first.isEqual(to: ObjectName.typeKey) {
            guard try takeText().isEqual(to: name.wireName), try takeText().isEqual(to: ObjectName.valueKey) else {
                throw noObject(name, at: start)
            }
            return nil
        }
        guard first.isEqual(to: ObjectName.valueKey) else { throw noObject(name, at: start) }
        let value = offset
        try skip()
        guard try takeText().isEqual(to: ObjectName.typeKey), try takeText().isEqual(to: name.wireName) else {
            throw noObject(name, at: start)
        }
        defer { offset = value }
        return offset
    }

    /// Reads an extension object whose value is a text.
    mutating func readObject<T>(
        _ name: ObjectName, _ parse: (UnsafeRawBufferPointer) -> T?
    ) throws(MessagePackError) -> T {
        let start = offset
        let objectEnd = try openObject(name)
        let textStart = offset
        let text = try takeText()
        guard let value = parse(text) else {
            let found = String(decoding: text.prefix(64), as: UTF8.self)
            throw MessagePackError(
                .malformedObject, "\"\(found)\" is not a \(name.rawValue)\(Self.hint(name))", offset: textStart)
        }
        if let objectEnd {
            guard objectEnd >= offset else { throw noObject(name, at: start) }
            offset = objectEnd
        }
        return value
    }

    /// Whether the next value is a map, as extension objects are.
    var isNextMap: Bool { offset < end && Format.isMap(bytes[offset]) }

    private func noObject(_ name: ObjectName, at start: Int) -> MessagePackError {
        MessagePackError(
            .typeMismatch, "expected a \(name.rawValue) object, found another map", offset: start)
    }

    private static func hint(_ name: ObjectName) -> String {
        switch name {
        case .datetime: "; it looks like 2015-11-23T12:34:56+0530"
        case .date: "; it looks like 2015-11-23"
        case .time: "; it looks like 12:34:56Z"
        case .decimal: "; it looks like 1.50"
        case .uuid: "; it looks like 01234567-89ab-cdef-0123-456789abcdef"
        case .set, .undefined: ""
        }
    }
}

extension Reader {
    /// Whether the next value is an embedded message.
    @inline(__always)
    var isNextEmbedded: Bool {
        // For most values the first comparison is enough.
        guard offset < end, bytes[offset] >= Format.ext8, Format.isExt(bytes[offset]) else { return false }
        return isEmbeddedExt
    }

    private var isEmbeddedExt: Bool {
        // The type follows the length, which takes 0 to 4 bytes after the first one.
        let lengthSize =
            switch bytes[offset] {
            case Format.ext8: 1
            case Format.ext16: 2
            case Format.ext32: 4
            default: 0
            }
        let typeOffset = offset + 1 + lengthSize
        return typeOffset < end && Int8(bitPattern: bytes[typeOffset]) == ExtensionType.embedded
    }

    /// Enters the embedded messages at the position, if there are any. It never leaves them.
    mutating func enterEmbedded() throws(MessagePackError) {
        while isNextEmbedded {
            guard depth < maximumDepth else { throw tooDeep() }
            let (_, payload) = try takeExt()
            end = offset
            offset -= payload.count
            depth += 1
        }
    }

    /// Calls `body` inside the embedded message at the position, which `body` must read completely.
    mutating func withinEmbedded<R>(_ body: (inout Reader) throws -> R) throws -> R {
        guard depth < maximumDepth else { throw tooDeep() }
        let (_, payload) = try takeExt()
        let (outerEnd, after) = (end, offset)
        offset = after - payload.count
        end = after
        depth += 1
        let result = try body(&self)
        try finish()
        (end, offset) = (outerEnd, after)
        depth -= 1
        return result
    }
}
