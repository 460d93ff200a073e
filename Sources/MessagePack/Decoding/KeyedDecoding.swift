/// The keyed container of a decoder: reads a map.
struct KeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let frame: DecodingFrame

    var codingPath: [any CodingKey] { frame.codingPath }

    var allKeys: [Key] {
        // The protocol leaves no way to throw; who has no keys finds out on asking for one.
        guard let keys = try? frame.keys() else { return [] }
        return keys.compactMap { key in
            switch key {
            case .text(let name): Key(stringValue: name)
            case .integer(let number): Key(intValue: number)
            }
        }
    }

    func contains(_ key: Key) -> Bool {
        // A broken map contains nothing; decoding the key then says what is wrong.
        guard let place = try? frame.find(key) else { return false }
        return place >= 0
    }

    /// Reads the value of a key with `read`.
    @inline(__always)
    private func scalar<T>(
        _ key: Key, _ read: (inout Reader) throws(MessagePackError) -> T
    ) throws -> T {
        let offset = try offset(of: key)
        var reader = try frame.reader(at: offset, levels: 1)
        if reader.isNextEmbedded {
            return try reader.withinEmbedded { (reader) throws(MessagePackError) in
                try frame.located(key) { () throws(MessagePackError) in try read(&reader) }
            }
        }
        let value = try frame.located(key) { () throws(MessagePackError) in try read(&reader) }
        frame.passed(offset, end: reader.offset)
        return value
    }

    @inline(__always)
    private func offset(of key: Key) throws(MessagePackError) -> Int {
        try frame.located(key) { () throws(MessagePackError) in
            guard let offset = try frame.find(key) else {
                throw MessagePackError(.keyMissing, "the map has no key \"\(key.stringValue)\"")
            }
            return offset
        }
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        try frame.reader(at: offset(of: key), levels: 1).isNextNil
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        try scalar(key) { (reader) throws(MessagePackError) in try reader.readBool() }
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try scalar(key) { (reader) throws(MessagePackError) in try reader.readString() }
    }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        try scalar(key) { (reader) throws(MessagePackError) in try reader.readDouble() }
    }

    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
        try scalar(key) { (reader) throws(MessagePackError) in try reader.readFloat() }
    }

    private func integer<T: FixedWidthInteger>(_ key: Key) throws -> T {
        try scalar(key) { (reader) throws(MessagePackError) in try reader.readInteger(T.self) }
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try integer(key) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try integer(key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try integer(key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try integer(key) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try integer(key) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try integer(key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try integer(key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try integer(key) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try integer(key) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try integer(key) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        let offset = try offset(of: key)
        var reader = try frame.reader(at: offset, levels: 1)
        let value = try DecodingSite(source: frame.site.source, parent: frame, key: key).decode(type, from: &reader)
        frame.passed(offset, end: reader.offset)
        return value
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try child(key, at: offset(of: key)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try child(key, at: offset(of: key)).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        let key = NameKey.superclass
        let offset = try frame.located(key) { () throws(MessagePackError) in
            guard let offset = try frame.find(key) else {
                throw MessagePackError(.keyMissing, "the map has no key \"super\"")
            }
            return offset
        }
        return try child(key, at: offset)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        try child(key, at: offset(of: key))
    }

    private func child(_ key: any CodingKey, at offset: Int) throws -> DecodingFrame {
        try frame.child(key, at: offset)
    }
}

extension DecodingFrame {
    /// Returns a decoder for an element of the value, for containers that are read beside others.
    func child(_ key: any CodingKey, at offset: Int) throws(MessagePackError) -> DecodingFrame {
        var reader = try reader(at: offset, levels: 1)
        try reader.enterEmbedded()
        return DecodingFrame(
            DecodingSite(source: site.source, parent: self, key: key), at: reader, isIndexed: true)
    }
}
