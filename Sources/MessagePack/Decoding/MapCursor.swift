/// Finds the values of a map by their keys.
///
/// Types mostly ask for keys in the order in which they were written, so the cursor steps from pair to pair and
/// compares. The first key that is not the next one makes it index the whole map.
struct MapCursor {
    private let count: Int
    private let firstPair: Int
    /// Whether there is a map. A decoder has room for a cursor even if its type never asks for a map.
    let isOpen: Bool
    /// How many pairs the cursor has stepped into.
    private var passedPairs = 0
    /// The current pair: the bytes of its key, and where its value starts and, once known, ends.
    private var keyStart = 0
    private var keyCount = -1
    private var valueStart: Int
    private var valueEnd: Int?
    private var index: MapIndex?

    /// Creates a cursor without a map, which finds nothing.
    init() {
        count = 0
        firstPair = 0
        isOpen = false
        valueStart = 0
        valueEnd = 0
    }

    /// Reads the header of a map.
    init(_ reader: inout Reader) throws(MessagePackError) {
        isOpen = true
        count = try reader.readMapHeader()
        firstPair = reader.offset
        valueStart = reader.offset
        valueEnd = reader.offset
    }

    /// Whether a value was returned before the whole map was indexed, and its key then turned out to repeat.
    ///
    /// If the cursor stepped through all pairs in order, each key was asked for by name, once.
    mutating func metRepeatedKey(_ reader: inout Reader) throws(MessagePackError) -> Bool {
        guard passedPairs > 0 else { return false }
        if index == nil, passedPairs < count { try makeIndex(&reader) }
        return index?.hasRepeatedKeys ?? false
    }

    /// Where the map ends, if known.
    var end: Int? {
        guard isOpen else { return nil }
        return index?.end ?? (passedPairs == count ? valueEnd : nil)
    }

    /// The offset of the value of a name; nil if there is none.
    mutating func find(_ name: String, _ reader: inout Reader) throws(MessagePackError) -> Int? {
        if index == nil {
            if isCurrent(name, reader) { return valueStart }
            if try advance(&reader), isCurrent(name, reader) { return valueStart }
            try makeIndex(&reader)
        }
        return index?.find(name, reader)
    }

    /// The offset of the value of a number; nil if there is none.
    mutating func find(_ number: Int, _ reader: inout Reader) throws(MessagePackError) -> Int? {
        try makeIndex(&reader)
        return index?.find(number)
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
    /// The bytes of a text that has already been read.
    @inline(__always)
    func text(at start: Int, count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
    }
}
