/// Finds the values of a map by their keys.
///
/// Types mostly ask for keys in the order in which they were written, so a cursor steps from pair to pair and compares.
/// The first key that is not the next one makes it look through the whole map and keep an index.
struct MapCursor {
    private let count: Int
    private let firstPair: Int
    /// How many pairs the cursor has stepped into.
    private var passedPairs = 0
    /// The current pair: the bytes of its key, and where its value starts and, once known, ends.
    private var keyStart = 0
    private var keyCount = -1
    private var valueStart: Int
    private var valueEnd: Int?
    private var index: MapIndex?

    /// Reads the header of a map.
    init(_ reader: inout Reader) throws(MessagePackError) {
        count = try reader.readMapHeader()
        firstPair = reader.offset
        valueStart = reader.offset
        valueEnd = reader.offset
    }

    /// Whether keys have been given out without a look at all of them.
    var isPartial: Bool { index == nil && passedPairs < count }

    /// Whether a key occurs twice; known once there is an index.
    var hasRepeatedKeys: Bool { index?.hasRepeatedKeys ?? false }

    /// Where the map ends, if that is known.
    var end: Int? { index?.end ?? (passedPairs == count ? valueEnd : nil) }

    /// The offset of the value of `key`; nil if there is none.
    mutating func find(_ key: some CodingKey, _ reader: inout Reader) throws(MessagePackError) -> Int? {
        let name = key.stringValue
        if index == nil {
            if isCurrent(name, reader) { return valueStart }
            if try advance(&reader), isCurrent(name, reader) { return valueStart }
            try makeIndex(&reader)
        }
        return index?.find(name, key.intValue, reader)
    }

    mutating func passed(_ offset: Int, end: Int) {
        if offset == valueStart { valueEnd = end }
    }

    mutating func makeIndex(_ reader: inout Reader) throws(MessagePackError) {
        guard index == nil else { return }
        reader.offset = firstPair
        index = try MapIndex(count: count, &reader)
    }

    mutating func keys(_ reader: inout Reader) throws(MessagePackError) -> [MapIndex.Key] {
        try makeIndex(&reader)
        return index?.keys(reader) ?? []
    }

    private func isCurrent(_ name: String, _ reader: borrowing Reader) -> Bool {
        keyCount >= 0 && reader.text(at: keyStart, count: keyCount).isEqual(to: name)
    }

    /// Steps to the next pair; false if there is none.
    private mutating func advance(_ reader: inout Reader) throws(MessagePackError) -> Bool {
        guard passedPairs < count else { return false }
        if let valueEnd {
            reader.offset = valueEnd
        } else {
            reader.offset = valueStart
            try reader.skip()
        }
        if try Format.isText(reader.peek()) {
            let text = try reader.takeText()
            keyStart = reader.offset - text.count
            keyCount = text.count
        } else {
            try reader.skip()
            keyCount = -1
        }
        valueStart = reader.offset
        valueEnd = nil
        passedPairs += 1
        return true
    }
}

extension Reader {
    /// The bytes of a text that has been read before.
    @inline(__always)
    func text(at start: Int, count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
    }
}
