/// The unkeyed container of an encoding: writes an array.
struct UnkeyedEncoding: UnkeyedEncodingContainer {
    let encoding: Encoding
    let frame: Int

    var codingPath: [any CodingKey] { encoding.codingPath }

    var count: Int { encoding.count(of: frame) }

    @inline(__always)
    private func element(_ body: (inout Writer) throws -> Void) throws {
        try encoding.element(of: frame) { try body(&encoding.writer) }
    }

    func encodeNil() throws { try element { $0.writeNil() } }
    func encode(_ value: Bool) throws { try element { $0.write(value) } }
    func encode(_ value: String) throws { try element { try $0.writeChecked(value) } }
    func encode(_ value: Double) throws { try element { $0.write(value) } }
    func encode(_ value: Float) throws { try element { $0.write(value) } }
    func encode(_ value: Int) throws { try element { $0.writeInteger(value) } }
    func encode(_ value: Int8) throws { try element { $0.writeInteger(value) } }
    func encode(_ value: Int16) throws { try element { $0.writeInteger(value) } }
    func encode(_ value: Int32) throws { try element { $0.writeInteger(value) } }
    func encode(_ value: Int64) throws { try element { $0.writeInteger(value) } }
    func encode(_ value: UInt) throws { try element { $0.writeInteger(value) } }
    func encode(_ value: UInt8) throws { try element { $0.writeInteger(value) } }
    func encode(_ value: UInt16) throws { try element { $0.writeInteger(value) } }
    func encode(_ value: UInt32) throws { try element { $0.writeInteger(value) } }
    func encode(_ value: UInt64) throws { try element { $0.writeInteger(value) } }

    func encode<T: Encodable>(_ value: T) throws {
        let index = count
        try encoding.element(of: frame) { try encoding.encode(value, at: IndexKey(index)) }
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        child().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        child().unkeyedContainer()
    }

    func superEncoder() -> any Encoder { child() }

    private func child() -> Encoding {
        let index = count
        do {
            try encoding.element(of: frame) {}
            return encoding.child(at: IndexKey(index))
        } catch {
            return encoding.failed(error)
        }
    }
}
