extension Reader {
    /// Reads the header of an array; the returned number of values follows.
    ///
    /// - Returns: The number of values.
    /// - Throws: ``MessagePackError`` if the next value is anything else, if the bytes left cannot hold so many values,
    ///   or if the element budget is used up.
    public mutating func readArrayHeader() throws(MessagePackError) -> Int {
        let start = offset
        let head = try takeByte()
        let count: Int
        switch head {
        case 0x90...0x9f: count = Int(head & 0x0f)
        case Format.array16: count = Int(try takeInteger(UInt16.self))
        case Format.array32: count = Int(try takeInteger(UInt32.self))
        default: throw mismatch("an array", at: start)
        }
        try charge(count, at: start)
        return count
    }

    /// Reads the header of a map; the returned number of key-value pairs follows.
    ///
    /// - Returns: The number of pairs.
    /// - Throws: ``MessagePackError`` if the next value is anything else, if the bytes left cannot hold so many pairs,
    ///   or if the element budget is used up.
    public mutating func readMapHeader() throws(MessagePackError) -> Int {
        let start = offset
        let head = try takeByte()
        let count: Int
        switch head {
        case 0x80...0x8f: count = Int(head & 0x0f)
        case Format.map16: count = Int(try takeInteger(UInt16.self))
        case Format.map32: count = Int(try takeInteger(UInt32.self))
        default: throw mismatch("a map", at: start)
        }
        // At most 2^33, so the product cannot overflow.
        try charge(count * 2, at: start)
        return count
    }

    /// Skips the next value with everything in it.
    ///
    /// It uses no recursion, so the depth limit does not apply. Lengths and formats are checked. UTF-8, timestamps
    /// and the contents of embedded messages are not, because nobody reads them.
    ///
    /// - Throws: ``MessagePackError`` if the value is truncated, uses the unassigned format 0xc1 or exceeds the budget.
    public mutating func skip() throws(MessagePackError) {
        var pending = 1
        while pending > 0 {
            pending -= 1
            pending += try skipHead(pending: pending)
        }
    }

    /// Skips the next value if it is encoded as these bytes. The budget is not charged.
    ///
    /// - Returns: Whether it was; otherwise nothing is skipped.
    package mutating func skip(ifEqualTo value: [UInt8]) -> Bool {
        guard value.count <= remaining else { return false }
        let next = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + value.count])
        guard value.withUnsafeBytes({ next.isEqual(to: $0) }) else { return false }
        offset += value.count
        return true
    }

    /// Skips the next value like ``skip()``, but steps through embedded messages, so that every element is counted.
    mutating func skipCountingEmbedded() throws(MessagePackError) {
        var pending = 1
        while pending > 0 {
            pending -= 1
            if isNextEmbedded {
                guard depth < maximumDepth else { throw tooDeep() }
                let (outerEnd, outerDepth) = (end, depth)
                let (_, payload) = try takeExt()
                let after = offset
                (offset, end, depth) = (after - payload.count, after, depth + 1)
                try skipCountingEmbedded()
                try finish()
                (offset, end, depth) = (after, outerEnd, outerDepth)
            } else {
                pending += try skipHead(pending: pending)
            }
        }
    }

    /// Skips the head of the next value and returns how many elements follow.
    ///
    /// Every value needs at least one byte, so with `pending` more to come, an impossible header fails at once.
    @inline(__always)
    private mutating func skipHead(pending: Int) throws(MessagePackError) -> Int {
        guard pending < remaining else { throw truncated(needing: pending + 1) }
        let head = bytes[offset]
        switch head {
        case 0x80...0x8f, Format.map16, Format.map32: return try readMapHeader() * 2
        case 0x90...0x9f, Format.array16, Format.array32: return try readArrayHeader()
        case 0xa0...0xbf, Format.str8...Format.str32, Format.bin8...Format.bin32: _ = try takeText()
        case Format.ext8...Format.ext32, Format.fixext1...Format.fixext16: _ = try takeExt()
        case 0xc1: throw mismatch("a value", at: offset)
        default: _ = try take(1 + Self.scalarSize(head))
        }
        return 0
    }

    /// The number of bytes after the first one of nil, a bool or a number.
    private static func scalarSize(_ head: UInt8) -> Int {
        switch head {
        case Format.uint8, Format.int8: 1
        case Format.uint16, Format.int16: 2
        case Format.uint32, Format.int32, Format.float32: 4
        case Format.uint64, Format.int64, Format.float64: 8
        default: 0
        }
    }

    /// Charges `count` elements, each of at least one byte, to the budget.
    private mutating func charge(_ count: Int, at start: Int) throws(MessagePackError) {
        guard count <= remaining else {
            throw MessagePackError(
                .truncated, "a header promises \(count) elements, \(remaining) bytes are left", offset: start)
        }
        guard count <= elementsLeft else {
            throw MessagePackError(.budgetExceeded, "the message has more elements than the limit", offset: start)
        }
        elementsLeft -= count
    }

    /// Enters a container for the duration of `body`.
    mutating func nested<R>(
        _ body: (inout Reader) throws(MessagePackError) -> R
    ) throws(MessagePackError) -> R {
        guard depth < maximumDepth else { throw tooDeep() }
        depth += 1
        let result = try body(&self)
        depth -= 1
        return result
    }
}
