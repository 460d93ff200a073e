/// The single value container of an encoding: writes one value of any kind.
struct SingleValueEncoding: SingleValueEncodingContainer {
    let encoding: Encoding
    let frame: Int

    var codingPath: [any CodingKey] { encoding.codingPath }

    private func single(_ body: () throws -> Void) throws {
        let mark: EncodingState.Mark
        do {
            mark = try encoding.state.beginSingle(of: frame)
        } catch {
            throw error.located(at: codingPath)
        }
        try encoding.complete(from: mark, body)
    }

    func encodeNil() throws {
        try single { encoding.state.writer.writeNil() }
    }

    func encode(_ value: Bool) throws { try direct(value) }
    func encode(_ value: String) throws { try direct(value) }
    func encode(_ value: Double) throws { try direct(value) }
    func encode(_ value: Float) throws { try direct(value) }
    func encode(_ value: Int) throws { try direct(value) }
    func encode(_ value: Int8) throws { try direct(value) }
    func encode(_ value: Int16) throws { try direct(value) }
    func encode(_ value: Int32) throws { try direct(value) }
    func encode(_ value: Int64) throws { try direct(value) }
    func encode(_ value: UInt) throws { try direct(value) }
    func encode(_ value: UInt8) throws { try direct(value) }
    func encode(_ value: UInt16) throws { try direct(value) }
    func encode(_ value: UInt32) throws { try direct(value) }
    func encode(_ value: UInt64) throws { try direct(value) }

    private func direct(_ value: some DirectlyEncodable) throws {
        try single { try value.encode(directlyInto: encoding) }
    }

    func encode<T: Encodable>(_ value: T) throws {
        try single { try encoding.encode(value) }
    }
}
