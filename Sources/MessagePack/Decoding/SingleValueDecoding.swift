/// The single value container of a decoder: reads a value of any kind.
struct SingleValueDecoding: SingleValueDecodingContainer {
    let frame: DecodingFrame

    var codingPath: [any CodingKey] { frame.codingPath }

    func decodeNil() -> Bool {
        // The protocol doesn't let this throw. An unreadable value is not nil.
        guard let reader = try? frame.startReader() else { return false }
        return reader.isNextNil
    }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        var reader = try frame.startReader()
        let value = try frame.site.decode(type, from: &reader)
        frame.ended(at: reader.offset)
        return value
    }

    func decode(_ type: Bool.Type) throws -> Bool { try direct(type) }
    func decode(_ type: String.Type) throws -> String { try direct(type) }
    func decode(_ type: Double.Type) throws -> Double { try direct(type) }
    func decode(_ type: Float.Type) throws -> Float { try direct(type) }
    func decode(_ type: Int.Type) throws -> Int { try direct(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try direct(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try direct(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try direct(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try direct(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try direct(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try direct(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try direct(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try direct(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try direct(type) }

    private func direct<T: DirectlyDecodable>(_ type: T.Type) throws -> T {
        var reader = try frame.startReader()
        let value = try frame.site.decodeDirectly(type, from: &reader)
        frame.ended(at: reader.offset)
        return value
    }
}
