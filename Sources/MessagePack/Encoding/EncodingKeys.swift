extension Writer {
    /// Writes the name of a property, or throws if it is reserved by Python lymph.
    mutating func writeKey(_ name: String) throws(MessagePackError) {
        if name.utf8.first == UInt8(ascii: "_"), isForPeers, name == ObjectName.typeKey.description {
            throw Self.reservedKey()
        }
        try writeChecked(name)
    }

    /// Replaces the one-byte header of the container at `start` by the final one.
    mutating func fixHeader(at start: Int, count: Int, isMap: Bool) {
        guard count > 15 else {
            bytes[start] |= UInt8(count)
            return
        }
        var header = Writer()
        if isMap {
            header.writeMapHeader(count)
        } else {
            header.writeArrayHeader(count)
        }
        bytes.replaceSubrange(start...start, with: header.bytes)
    }
}

extension Encoding {
    /// Writes the key of a dictionary as it encodes itself, or as its coding key if that would not be a scalar.
    func encodeKey<K: Encodable>(_ key: K, at path: some CodingKey) throws {
        let start = state.writer.bytes.count
        try encode(key, at: path)
        if state.writer.isContainer(from: start), let representable = key as? any CodingKeyRepresentable {
            state.writer.bytes.removeSubrange(start...)
            try state.writer.writeKey(representable.codingKey.stringValue)
            return
        }
        try checkHashable(from: start, at: path)
        try checkNotReserved(from: start, at: path)
    }

    /// Checks that the bytes from `start` on can be a dict key or set member in Python.
    func checkHashable(from start: Int, at key: some CodingKey) throws {
        guard state.writer.isForPeers, state.writer.isContainer(from: start) else { return }
        throw Writer.unhashable(try? Value(decoding: Array(state.writer.bytes[start...]))).located(
            at: codingPath + [key])
    }

    private func checkNotReserved(from start: Int, at key: some CodingKey) throws {
        let isReserved = state.writer.bytes.withUnsafeBytes { bytes in
            var reader = Reader(UnsafeRawBufferPointer(rebasing: bytes[start...]))
            return (try? reader.takeText())?.isEqual(to: ObjectName.typeKey) ?? false
        }
        guard state.writer.isForPeers, isReserved else { return }
        throw Writer.reservedKey().located(at: codingPath + [key])
    }
}

extension Writer {
    /// Whether the value from `start` on is not hashable in Python: an array, an embedded message, a set, or a map,
    /// except for extension objects that Python can hash.
    func isContainer(from start: Int) -> Bool {
        bytes.withUnsafeBytes { bytes in
            guard start < bytes.count else { return false }
            var reader = Reader(UnsafeRawBufferPointer(rebasing: bytes[start...]))
            let head = bytes[start]
            if Format.isArray(head) || reader.isNextEmbedded { return true }
            guard Format.isMap(head) else { return false }
            let value = try? reader.readValue()
            return value.map { !$0.isHashableInPython } ?? true
        }
    }
}
