extension Writer {
    /// Writes any value.
    ///
    /// Values that would stop a Python peer are refused: a map with the key `__type__`, and an array, map or set as a
    /// map key or set member. The extension objects themselves have cases of ``Value``.
    ///
    /// - Parameter value: The value.
    /// - Throws: ``MessagePackError`` if the value is refused, is nested too deeply or has no MessagePack form.
    ///   Nothing of the value is left in the output then.
    public mutating func write(_ value: Value) throws(MessagePackError) {
        let (start, depth) = (bytes.count, self.depth)
        do {
            try append(value)
        } catch {
            bytes.removeSubrange(start...)
            self.depth = depth
            throw error
        }
    }

    private mutating func append(_ value: Value) throws(MessagePackError) {
        switch value {
        case .nil: writeNil()
        case .bool(let value): write(value)
        case .int(let value): write(value)
        case .uint(let value): write(value)
        case .float(let value): write(value)
        case .double(let value): write(value)
        case .string(let value): try writeChecked(value)
        case .binary(let value):
            try checkLength(value.count)
            writeBinary(value)
        case .array(let values): try writeArray(values)
        case .map(let map): try append(map)
        case .ext(let type, let bytes): try writeCheckedExt(type: type, bytes: bytes)
        case .timestamp(let value): write(value)
        case .datetime(let value): try writeObject(.datetime, value)
        case .date(let value): try writeObject(.date, value)
        case .time(let value): try writeObject(.time, value)
        case .decimal(let value): try writeObject(.decimal, value.description)
        case .uuid(let value): try writeObject(.uuid, value)
        case .set(let members): try writeSet(members)
        case .undefined: try writeObject(.undefined, "")
        }
    }

    /// Writes an extension object whose value is a text.
    mutating func writeObject(_ name: ObjectName, _ text: String) throws(MessagePackError) {
        guard depth < maximumDepth else { throw tooDeep() }
        writeObjectHeader(name)
        write(text)
    }

    /// Writes an extension object whose value is a short text, without creating a `String`.
    mutating func writeObject(_ name: ObjectName, _ value: some TextObject) throws(MessagePackError) {
        guard depth < maximumDepth else { throw tooDeep() }
        writeObjectHeader(name)
        if name == .uuid {
            bytes.append(contentsOf: [Format.str8, 36])
            value.appendText(to: &bytes)
        } else {
            let header = bytes.count
            bytes.append(Format.fixstr)
            value.appendText(to: &bytes)
            bytes[header] |= UInt8(bytes.count - header - 1)
        }
    }

    /// Writes an extension object up to its value, which the caller writes next.
    mutating func writeObjectHeader(_ name: ObjectName) {
        writeMapHeader(2)
        write(literal: ObjectName.typeKey)
        write(literal: name.wireName)
        write(literal: ObjectName.valueKey)
    }

    /// Writes a map.
    ///
    /// - Parameter map: The map.
    /// - Throws: ``MessagePackError`` as for a ``Value``.
    public mutating func write(_ map: Map) throws(MessagePackError) {
        try write(.map(map))
    }

    private mutating func append(_ map: Map) throws(MessagePackError) {
        if isForPeers, map[ObjectName.typeKey.description] != nil { throw Self.reservedKey() }
        try checkLength(map.count)
        try nested { (writer) throws(MessagePackError) in
            writer.writeMapHeader(map.count)
            for (key, value) in map {
                try writer.checkHashable(key)
                try writer.append(key)
                try writer.append(value)
            }
        }
    }

    private mutating func writeArray(_ values: [Value]) throws(MessagePackError) {
        try checkLength(values.count)
        try nested { (writer) throws(MessagePackError) in
            writer.writeArrayHeader(values.count)
            for value in values { try writer.append(value) }
        }
    }

    private mutating func writeSet(_ members: [Value]) throws(MessagePackError) {
        var seen = Set<Value>(minimumCapacity: members.count)
        let unique = members.filter { seen.insert($0).inserted }
        try nested { (writer) throws(MessagePackError) in
            for member in unique { try writer.checkHashable(member) }
            writer.writeObjectHeader(.set)
            try writer.writeArray(unique)
        }
    }

    /// Writes a string, or throws if it is too long for every format.
    mutating func writeChecked(_ value: String) throws(MessagePackError) {
        try checkLength(value.utf8.count)
        write(value)
    }

    /// Checks that a length fits into the 32 bits that the formats provide.
    func checkLength(_ count: Int) throws(MessagePackError) {
        guard count <= Int(UInt32.max) else {
            throw MessagePackError(.unrepresentable, "a length of \(count); MessagePack ends at \(UInt32.max)")
        }
    }

    private func checkHashable(_ value: Value) throws(MessagePackError) {
        guard !isForPeers || value.isHashableInPython else { throw Self.unhashable(value) }
    }

    static func reservedKey() -> MessagePackError {
        MessagePackError(
            .reservedKey,
            "a map has the key \"__type__\", which Python peers reserve for extension objects; choose another name")
    }

    /// - Parameter value: The unhashable value; nil if it is an embedded message or unknown.
    static func unhashable(_ value: Value?) -> MessagePackError {
        let what =
            switch value {
            case .array: "an array"
            case .map: "a map"
            case .set: "a set"
            case .decimal: "a signalling NaN"
            default: "an embedded message"
            }
        return MessagePackError(.unhashable, "\(what) is a map key or a set member, which Python peers cannot hash")
    }
}

extension Value {
    /// Returns the bytes of the value as one message.
    ///
    /// - Returns: The bytes.
    /// - Throws: ``MessagePackError`` if the value is one that ``Writer`` refuses.
    public func encoded() throws(MessagePackError) -> [UInt8] {
        var writer = Writer(capacity: 64)
        try writer.write(self)
        return writer.bytes
    }
}
