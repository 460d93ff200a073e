/// The keys of a whole map with the positions of their values.
///
/// A small index is searched from its end and a large one is sorted, so no message can make a search slow.
struct MapIndex {
    /// A map key that a coding key can match.
    enum Key {
        case text(String)
        case integer(Int)
    }

    private struct TextEntry {
        let start: Int
        let count: Int
        let value: Int
    }

    private struct IntegerEntry {
        let key: Int
        let value: Int
    }

    private var texts: [TextEntry] = []
    private var integers: [IntegerEntry] = []
    let hasRepeatedKeys: Bool
    /// Where the map ends.
    let end: Int

    /// Above this number of keys, sorting is faster than searching.
    private static let smallSize = 8

    /// Reads `count` pairs.
    init(count: Int, _ reader: inout Reader) throws(MessagePackError) {
        texts.reserveCapacity(min(count, 1024))
        for _ in 0..<count {
            let head = try reader.peek()
            if Format.isText(head) {
                let text = try reader.takeText()
                texts.append(TextEntry(start: reader.offset - text.count, count: text.count, value: reader.offset))
            } else if Format.isInteger(head) {
                if case .signed(let value) = try reader.readWireInteger(expecting: "a key"),
                    let key = Int(exactly: value)
                {
                    integers.append(IntegerEntry(key: key, value: reader.offset))
                }
            } else {
                try reader.skip()
            }
            try reader.skip()
        }
        end = reader.offset
        let isSmall = texts.count <= Self.smallSize
        hasRepeatedKeys = isSmall ? Self.repeats(texts, reader) : Self.sort(&texts, reader)
        // Sorted by position as well, so that the last of equal keys is found.
        integers.sort { ($0.key, $0.value) < ($1.key, $1.value) }
    }

    /// The offset of the value of a name; the last one of equal keys.
    func find(_ name: String, _ reader: borrowing Reader) -> Int? {
        name.withText { find($0, reader) }
    }

    /// The offset of the value of a number; the last one of equal keys.
    func find(_ number: Int) -> Int? {
        let place = integers.partition { $0.key <= number } - 1
        return place >= 0 && integers[place].key == number ? integers[place].value : nil
    }

    /// The keys in the order of the message.
    func keys(_ reader: borrowing Reader) -> [Key] {
        var keys: [(value: Int, key: Key)] = []
        for entry in texts {
            let text = reader.text(at: entry.start, count: entry.count)
            if let name = String(utf8: text) { keys.append((entry.value, .text(name))) }
        }
        for entry in integers { keys.append((entry.value, .integer(entry.key))) }
        return keys.sorted { $0.value < $1.value }.map(\.key)
    }

    private func find(_ name: UnsafeRawBufferPointer, _ reader: borrowing Reader) -> Int? {
        guard texts.count > Self.smallSize else {
            for entry in texts.reversed()
            where reader.text(at: entry.start, count: entry.count).isEqual(to: name) { return entry.value }
            return nil
        }
        var (low, high) = (0, texts.count)
        while low < high {
            let middle = (low + high) / 2
            if reader.text(at: texts[middle].start, count: texts[middle].count).order(name) <= 0 {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low > 0 else { return nil }
        let entry = texts[low - 1]
        return reader.text(at: entry.start, count: entry.count).isEqual(to: name) ? entry.value : nil
    }

    private static func repeats(_ texts: [TextEntry], _ reader: borrowing Reader) -> Bool {
        for (place, entry) in texts.enumerated() {
            let text = reader.text(at: entry.start, count: entry.count)
            for other in texts[..<place]
            where reader.text(at: other.start, count: other.count).isEqual(to: text) { return true }
        }
        return false
    }

    /// Sorts by key and then by position; returns whether keys repeat.
    private static func sort(_ texts: inout [TextEntry], _ reader: borrowing Reader) -> Bool {
        let bytes = reader.bytes
        func text(_ entry: TextEntry) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: bytes[entry.start..<entry.start + entry.count])
        }
        texts.sort { left, right in
            let order = text(left).order(text(right))
            return order < 0 || (order == 0 && left.value < right.value)
        }
        return zip(texts, texts.dropFirst()).contains { text($0).isEqual(to: text($1)) }
    }
}

extension UnsafeRawBufferPointer {
    /// Negative, zero or positive if the bytes come before, equal or come after those of `other`.
    fileprivate func order(_ other: UnsafeRawBufferPointer) -> Int {
        for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
            return Int(self[index]) - Int(other[index])
        }
        return count - other.count
    }
}

extension Array {
    /// The number of leading elements that satisfy `predicate`, if those that do come first.
    fileprivate func partition(_ predicate: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
