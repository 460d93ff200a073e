import Foundation
import MessagePack
import Testing

/// Both sides read, write and compare thousands of random values. Python uses lymph's own serializer.
@Suite("Differential test against Python lymph", .enabled(if: PythonPeer.isWanted, PythonPeer.missing))
struct PythonDifferentialTests {
    @Test("Values packed by Python are read identically and packed into the same bytes")
    func fromPython() async throws { try await concurrently(1...3, fromPython) }

    @Sendable private func fromPython(seed: Int) throws {
        let lines = try PythonPeer.run(["generate", "\(seed)", "2500"])
        try #require(lines.count == 2500)
        for line in lines {
            let columns = line.columns
            try #require(columns.count == 4, "\(line)")
            let value = try Value(decoding: hex(columns[0]))
            #expect(value.canonicalText == columns[1])
            if columns[3] == "plain" {
                #expect(try hexText(value.encoded()) == columns[0], "\(columns[1])")
            } else if value.containsLargeSet {
                // Python may reorder the members of a set when it packs them again.
                #expect(try Value(decoding: hex(columns[2])) == value)
            } else {
                // Both sides pack the content of an embedded message.
                #expect(try hexText(value.encoded()) == columns[2], "\(columns[1])")
            }
        }
    }

    @Test("Python reads finer dates to the microsecond")
    func fineDates() throws {
        var random = SplitMix64(seed: 14)
        let dates = (0..<500).map { _ in
            Date(timeIntervalSinceReferenceDate: Double.random(in: 9_000_000...900_000_000, using: &random))
        }
        let lines = try PythonPeer.run(["echo"], input: dates.map { hexText(try MessagePackEncoder.encode($0)) })
        try #require(lines.count == dates.count)
        for (date, line) in zip(dates, lines) {
            let text = line.split(separator: "\t").dropFirst().first ?? ""
            // The digits that Python knows.
            let value = try Value(decoding: MessagePackEncoder.encode(date))
            #expect(value.canonicalText == text)
        }
    }

    @Test("Values packed by Swift are read identically by Python and packed into the same bytes")
    func fromSwift() async throws { try await concurrently(4...6, fromSwift) }

    @Sendable private func fromSwift(seed: UInt64) throws {
        var generator = ValueGenerator(seed: seed)
        let values = (0..<2500).map { _ in generator.value() }
        let lines = try PythonPeer.run(["echo"], input: values.map { hexText(try $0.encoded()) })
        try #require(lines.count == values.count)
        for (value, line) in zip(values, lines) {
            let columns = line.columns
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
}

extension String {
    fileprivate var columns: [String] {
        // Bytes are much faster than characters.
        utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map { String(Substring($0)) }
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
