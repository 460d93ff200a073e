/// The decoder that an `init(from:)` gets: one value in the bytes, and the containers with which it is read.
final class DecodingFrame {
    let site: DecodingSite
    /// Where the value starts.
    private let start: Int
    /// Where the readable bytes around the value end.
    let limit: Int
    /// The number of open containers around the value.
    let depth: Int

    /// Whether to index the whole map before returning any value.
    private let isIndexed: Bool
    private var map = MapCursor()

    /// Where the value ends, once it has been read to its end.
    private var end: Int?

    init(_ site: DecodingSite, at reader: borrowing Reader, isIndexed: Bool = false) {
        self.site = site
        self.start = reader.offset
        self.limit = reader.end
        self.depth = reader.depth
        self.isIndexed = isIndexed || site.source.isIndexed
    }

    /// Returns a reader at `offset`, `levels` deeper than the value.
    @inline(__always)
    func reader(at offset: Int, levels: Int) throws(MessagePackError) -> Reader {
        try site.source.reader(at: offset, end: limit, depth: depth + levels)
    }

    func startReader() throws(MessagePackError) -> Reader { try reader(at: start, levels: 0) }

    /// Records that the value has been read to its end.
    func ended(at offset: Int) { end = offset }

    /// Notes whether keys that were found one by one turn out to repeat.
    func checkRepeatedKeys() throws(MessagePackError) {
        guard map.isOpen, !isIndexed else { return }
        var reader = try reader(at: start, levels: 1)
        if try map.metRepeatedKey(&reader) { site.source.metRepeatedKey = true }
    }

    /// The offset after the value.
    func findEnd() throws(MessagePackError) -> Int {
        if let end { return end }
        if let end = map.end { return end }
        var reader = try startReader()
        try reader.skip()
        return reader.offset
    }
}

extension DecodingFrame: Decoder {
    var codingPath: [any CodingKey] { site.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try openMap()
        return KeyedDecodingContainer(KeyedDecoding(frame: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try located { () throws(MessagePackError) in
            var reader = try startReader()
            try reader.checkDepth()
            let count = try reader.readArrayHeader()
            return UnkeyedDecoding(frame: self, count: count, offset: reader.offset)
        }
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        SingleValueDecoding(frame: self)
    }

    /// Adds the path to an error of `body`.
    @inline(__always)
    func located<R>(
        _ key: (any CodingKey)? = nil, _ body: () throws(MessagePackError) -> R
    ) throws(MessagePackError) -> R {
        do {
            return try body()
        } catch {
            throw error.located(at: key.map { codingPath + [$0] } ?? codingPath)
        }
    }
}

extension DecodingFrame {
    private func openMap() throws(MessagePackError) {
        guard !map.isOpen else { return }
        map = try located { () throws(MessagePackError) in
            var reader = try startReader()
            try reader.checkDepth()
            var cursor = try MapCursor(&reader)
            if isIndexed { try cursor.makeIndex(&reader) }
            return cursor
        }
    }

    /// The offset of the value of a name; nil if the map lacks it.
    func find(_ name: String) throws(MessagePackError) -> Int? {
        var reader = try reader(at: start, levels: 1)
        return try map.find(name, &reader)
    }

    /// The offset of the value of a number; nil if the map lacks it.
    func find(_ number: Int) throws(MessagePackError) -> Int? {
        var reader = try reader(at: start, levels: 1)
        return try map.find(number, &reader)
    }

    /// Records where the value at `offset` ends, so that it need not be skipped later.
    @inline(__always)
    func passed(_ offset: Int, end: Int) { map.passed(offset, end: end) }

    /// The text keys and integer keys of the map, in order.
    func keys() throws(MessagePackError) -> [MapIndex.Key] {
        var reader = try reader(at: start, levels: 1)
        return try map.keys(&reader)
    }
}

extension Reader {
    /// Checks that one more container may be opened.
    func checkDepth() throws(MessagePackError) {
        guard depth < maximumDepth else { throw tooDeep() }
    }
}
