/// The keyed container of a decoder: reads a map.
struct KeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let frame: DecodingFrame

    var codingPath: [any CodingKey] { frame.codingPath }

    var allKeys: [Key] {
        // The protocol doesn't let this throw. An unreadable map has no keys; the error comes when a key is decoded.
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
        guard let place = try? find(key) else { return false }
        return place >= 0
    }

    /// The offset of the value of a key; nil if there is none.
    private func find(_ key: Key) throws(MessagePackError) -> Int? {
        if let offset = try frame.find(key.stringValue) { return offset }
        guard let number = key.intValue else { return nil }
        return try frame.find(number)
    }

    /// Reads the value of a key with `read`, which gets its offset.
    ///
    /// Everything that doesn't depend on the type of the key is in the frame, because generic code is slow.
    @inline(__always)
    private func value<T>(_ key: Key, _ read: (DecodingFrame, Int) throws -> T) throws -> T {
        do {
            guard let offset = try find(key) else {
                throw MessagePackError(.keyMissing, "the map has no key \"\(key.stringValue)\"")
            }
            return try read(frame, offset)
        } catch let error as MessagePackError {
            throw error.located(at: codingPath + [key])
        }
    }

    func decodeNil(forKey key: Key) throws -> Bool { try value(key) { try $0.isNil(at: $1) } }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key) { try $0.bool(at: $1) } }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key) { try $0.string(at: $1) } }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(key) { try $0.double(at: $1) } }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try value(key) { try $0.float(at: $1) } }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key) { try $0.integer(at: $1) } }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try value(key) { try $0.integer(at: $1) } }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(key) { try $0.integer(at: $1) } }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(key) { try $0.integer(at: $1) } }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key) { try $0.integer(at: $1) } }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try value(key) { try $0.integer(at: $1) } }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try value(key) { try $0.integer(at: $1) } }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try value(key) { try $0.integer(at: $1) } }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try value(key) { try $0.integer(at: $1) } }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try value(key) { try $0.integer(at: $1) } }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try value(key) { try $0.value(type, key, at: $1) }
    }

    /// Reads the value of a key with `read`, which gets its offset; nil if there is none or it is nil.
    @inline(__always)
    private func present<T>(_ key: Key, _ read: (DecodingFrame, Int) throws -> T) throws -> T? {
        do {
            guard let offset = try find(key), try !frame.isNil(at: offset) else { return nil }
            return try read(frame, offset)
        } catch let error as MessagePackError {
            throw error.located(at: codingPath + [key])
        }
    }

    // The following overloads are only faster than the defaults, which search for the key three times.

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        try present(key) { try $0.bool(at: $1) }
    }

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try present(key) { try $0.string(at: $1) }
    }

    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
        try present(key) { try $0.double(at: $1) }
    }

    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try present(key) { try $0.integer(at: $1) }
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        try present(key) { try $0.value(type, key, at: $1) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try child(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try child(key).unkeyedContainer()
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }

    func superDecoder() throws -> any Decoder {
        // The protocol prescribes the name of the key, but not its type.
        try KeyedDecoding<NameKey>(frame: frame).child(.superclass)
    }

    private func child(_ key: Key) throws -> DecodingFrame {
        try value(key) { try $0.child(key, at: $1) }
    }
}
