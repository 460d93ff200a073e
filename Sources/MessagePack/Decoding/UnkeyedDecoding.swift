/// The unkeyed container of a decoder: reads an array.
struct UnkeyedDecoding: UnkeyedDecodingContainer {
    let frame: DecodingFrame
    private let elements: Int
    private(set) var currentIndex = 0
    private var offset: Int

    init(frame: DecodingFrame, count: Int, offset: Int) {
        self.frame = frame
        self.elements = count
        self.offset = offset
        if count == 0 { frame.ended(at: offset) }
    }

    var codingPath: [any CodingKey] { frame.codingPath }
    var count: Int? { elements }
    var isAtEnd: Bool { currentIndex >= elements }

    /// A reader at the next element.
    private func nextReader() throws(MessagePackError) -> Reader {
        guard !isAtEnd else {
            throw MessagePackError(
                .valueMissing, "the array has only \(elements) elements",
                codingPath: codingPath + [IndexKey(currentIndex)])
        }
        return try frame.reader(at: offset, levels: 1)
    }

    private mutating func step(to next: Int) {
        offset = next
        currentIndex += 1
        if isAtEnd { frame.ended(at: next) }
    }

    mutating func decodeNil() throws -> Bool {
        let reader = try nextReader()
        guard reader.isNextNil else { return false }
        step(to: reader.offset + 1)
        return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        var reader = try nextReader()
        let site = DecodingSite(source: frame.site.source, parent: frame, key: IndexKey(currentIndex))
        let value = try site.decode(type, from: &reader)
        step(to: reader.offset)
        return value
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try direct(type) }
    mutating func decode(_ type: String.Type) throws -> String { try direct(type) }
    mutating func decode(_ type: Double.Type) throws -> Double { try direct(type) }
    mutating func decode(_ type: Float.Type) throws -> Float { try direct(type) }
    mutating func decode(_ type: Int.Type) throws -> Int { try direct(type) }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try direct(type) }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try direct(type) }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try direct(type) }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try direct(type) }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try direct(type) }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try direct(type) }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try direct(type) }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try direct(type) }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try direct(type) }

    private mutating func direct<T: DirectlyDecodable>(_ type: T.Type) throws -> T {
        var reader = try nextReader()
        let site = DecodingSite(source: frame.site.source, parent: frame, key: IndexKey(currentIndex))
        let value = try site.decodeDirectly(type, from: &reader)
        step(to: reader.offset)
        return value
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try child().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try child().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder { try child() }

    private mutating func child() throws -> DecodingFrame {
        var reader = try nextReader()
        let child = try frame.child(IndexKey(currentIndex), at: offset)
        try reader.skip()
        step(to: reader.offset)
        return child
    }
}
