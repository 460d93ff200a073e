/// The keyed container of an encoding: writes a map.
struct KeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoding: Encoding
    let frame: Int

    var codingPath: [any CodingKey] { encoding.codingPath }

    /// Writes a key and what `body` writes.
    @inline(__always)
    private func element(_ key: Key, _ body: (inout Writer) throws -> Void) throws {
        try encoding.element(of: frame) {
            try encoding.writeKey(key)
            try body(&encoding.writer)
        }
    }

    func encodeNil(forKey key: Key) throws { try element(key) { $0.writeNil() } }
    func encode(_ value: Bool, forKey key: Key) throws { try element(key) { $0.write(value) } }
    func encode(_ value: String, forKey key: Key) throws { try element(key) { try $0.writeChecked(value) } }
    func encode(_ value: Double, forKey key: Key) throws { try element(key) { $0.write(value) } }
    func encode(_ value: Float, forKey key: Key) throws { try element(key) { $0.write(value) } }
    func encode(_ value: Int, forKey key: Key) throws { try element(key) { $0.writeInteger(value) } }
    func encode(_ value: Int8, forKey key: Key) throws { try element(key) { $0.writeInteger(value) } }
    func encode(_ value: Int16, forKey key: Key) throws { try element(key) { $0.writeInteger(value) } }
    func encode(_ value: Int32, forKey key: Key) throws { try element(key) { $0.writeInteger(value) } }
    func encode(_ value: Int64, forKey key: Key) throws { try element(key) { $0.writeInteger(value) } }
    func encode(_ value: UInt, forKey key: Key) throws { try element(key) { $0.writeInteger(value) } }
    func encode(_ value: UInt8, forKey key: Key) throws { try element(key) { $0.writeInteger(value) } }
    func encode(_ value: UInt16, forKey key: Key) throws { try element(key) { $0.writeInteger(value) } }
    func encode(_ value: UInt32, forKey key: Key) throws { try element(key) { $0.writeInteger(value) } }
    func encode(_ value: UInt64, forKey key: Key) throws { try element(key) { $0.writeInteger(value) } }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try encoding.element(of: frame) {
            try encoding.writeKey(key)
            try encoding.encode(value, at: key)
        }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        child(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        child(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { child(NameKey.superclass) }

    func superEncoder(forKey key: Key) -> any Encoder { child(key) }

    private func child(_ key: some CodingKey) -> Encoding {
        do {
            try encoding.element(of: frame) { try encoding.writeKey(key) }
            return encoding.child(at: key)
        } catch {
            return encoding.failed(error)
        }
    }
}
