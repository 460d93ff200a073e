/// The unkeyed container of an encoding: writes an array.
struct UnkeyedEncoding: UnkeyedEncodingContainer {
    let encoding: Encoding
    let frame: Int

    var codingPath: [any CodingKey] { encoding.codingPath }

    var count: Int { encoding.state.frame.id == frame ? encoding.state.frame.count : 0 }

    @inline(__always)
    private func element(_ write: (inout Writer) throws(MessagePackError) -> Void) throws {
        do {
            try encoding.state.element(of: frame, write)
        } catch {
            throw error.located(at: codingPath + [IndexKey(count)])
        }
    }

    func encodeNil() throws { try element { $0.writeNil() } }
    func encode(_ value: Bool) throws { try element { $0.write(value) } }
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

    func encode(_ value: String) throws {
        try element { (writer) throws(MessagePackError) in try writer.writeChecked(value) }
    }

    func encode<T: Encodable>(_ value: T) throws {
        let key = IndexKey(count)
        let mark: EncodingState.Mark
        do {
            mark = try encoding.state.beginElement(of: frame)
        } catch {
            throw error.located(at: codingPath + [key])
        }
        try encoding.complete(from: mark) { try encoding.encode(value, at: key) }
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        child().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        child().unkeyedContainer()
    }

    func superEncoder() -> any Encoder { child() }

    private func child() -> Encoding { encoding.child(of: frame, at: IndexKey(count)) }
}
