import Foundation
import MessagePack
import Testing

/// Both sides read, write and compare thousands of random values; Python uses lymph's own serializer.
@Suite("Differential test against Python lymph", .enabled(if: PythonPeer.isWanted, PythonPeer.missing))
struct PythonDifferentialTests {
    @Test("Values that Python packs are read alike and packed into the same bytes", arguments: [1, 2, 3])
    func fromPython(seed: Int) throws {
        let lines = try PythonPeer.run(["generate", "\(seed)", "2500"])
        try #require(lines.count == 2500)
        for line in lines {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            try #require(columns.count == 3, "\(line)")
            let bytes = hex(columns[0])
            let value = try Value(decoding: bytes)
            #expect(value.canonicalText == columns[1])
            // Only an embedded message is not packed again as it came: Python, too, packs what it holds.
            let expected = containsEmbedded(bytes) ? hex(columns[2]) : bytes
            // Python may give the members of a set another order when it packs them again.
            if containsEmbedded(bytes), columns[1].contains("set(") {
                #expect(try Value(decoding: expected) == value)
            } else {
                #expect(try value.encoded() == expected, "\(columns[1])")
            }
        }
    }

    @Test("Values that Swift packs are read alike by Python and packed into the same bytes", arguments: [4, 5, 6])
    func fromSwift(seed: UInt64) throws {
        var generator = ValueGenerator(seed: seed)
        let values = (0..<2500).map { _ in generator.value() }
        let lines = try PythonPeer.run(["echo"], input: values.map { hexText(try $0.encoded()) })
        try #require(lines.count == values.count)
        for (value, line) in zip(values, lines) {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            try #require(columns.count == 3, "\(value) became \(line)")
            let read = value.asPythonReads
            #expect(read.canonicalText == columns[1])
            let written = read.asPythonWrites
            if read.containsLargeSet {
                #expect(try Value(decoding: hex(columns[2])) == written)
            } else {
                #expect(try hexText(written.encoded()) == columns[2])
            }
        }
    }

    /// Whether an extension of type 101 is in the bytes; the generator makes it in these formats only.
    private func containsEmbedded(_ bytes: [UInt8]) -> Bool {
        (try? Reader.withReader(over: bytes) { try $0.meetsEmbedded() }) ?? false
    }
}

extension Reader {
    /// Whether the next value is or holds an embedded message.
    fileprivate mutating func meetsEmbedded() throws -> Bool {
        if let count = try? readArrayHeader() {
            var met = false
            for _ in 0..<count { met = try meetsEmbedded() || met }
            return met
        }
        if let count = try? readMapHeader() {
            var met = false
            for _ in 0..<2 * count { met = try meetsEmbedded() || met }
            return met
        }
        if let ext = try? readExt() { return ext.type == 101 }
        try skip()
        return false
    }
}

extension Value {
    /// The value as Python holds it: floats widened, embedded messages unpacked, sets without repetitions.
    fileprivate var asPythonReads: Value {
        switch self {
        case .float(let value): .double(Double(value))
        case .ext(type: 101, let bytes): (try? Value(decoding: bytes).asPythonReads) ?? self
        case .set(let members): .set(members.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        default: mapped(\.asPythonReads)
        }
    }

    /// The value as lymph packs it: without microseconds.
    fileprivate var asPythonWrites: Value {
        guard case .datetime(let value) = self else { return mapped(\.asPythonWrites) }
        let clock = TimeOfDay(hour: value.time.hour, minute: value.time.minute, second: value.time.second)
        return DateTime(date: value.date, time: clock ?? value.time, utcOffset: value.utcOffset)
            .map(Value.datetime) ?? .nil
    }

    fileprivate var containsLargeSet: Bool {
        switch self {
        case .set(let members): members.count > 1
        case .array(let values): values.contains(where: \.containsLargeSet)
        case .map(let map): map.contains { $0.key.containsLargeSet || $0.value.containsLargeSet }
        default: false
        }
    }

    private func mapped(_ transform: (Value) -> Value) -> Value {
        switch self {
        case .array(let values): .array(values.map(transform))
        case .map(let map): .map(Map(map.map { (transform($0.key), transform($0.value)) }))
        case .set(let members): .set(members.map(transform))
        default: self
        }
    }
}
