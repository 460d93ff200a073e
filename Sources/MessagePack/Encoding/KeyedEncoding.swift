/// The keyed container of an encoding: writes a map.
struct KeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoding: Encoding
    let frame: Int

    var codingPath: [any CodingKey] { encoding.codingPath }

    /// Writes a key, followed by what `write` writes.
    @inline(__always)
    private func element(_ key: Key, _ write: (inout Writer) throws(MessagePackError) -> Void) throws {
        let name = key.stringValue
        do {
            try encoding.state.element(of: frame) { (writer) throws(MessagePackError) in
                try writer.writeKey(name)
                try write(&writer)
            }
        } catch {
            throw error.located(at: codingPath + [key])
        }
    }

    func encodeNil(forKey key: Key) throws { try element(key) { $0.writeNil() } }
    func encode(_ value: Bool, forKey key: Key) throws { try element(key) { $0.write(value) } }
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

    func encode(_ value: String, forKey key: Key) throws {
        try element(key) { (writer) throws(MessagePackError) in try writer.writeChecked(value) }
    }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        let mark: EncodingState.Mark
        do {
            mark = try encoding.state.beginElement(of: frame, name: key.stringValue)
        } catch {
            throw error.located(at: codingPath + [key])
        }
        try encoding.complete(from: mark) { try encoding.encode(value, at: key) }
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
        encoding.child(of: frame, at: key, name: key.stringValue)
    }
}
