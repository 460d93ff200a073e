import MessagePack
import Testing

@Suite("Robustness", .timeLimit(.minutes(2)))
struct RobustnessTests {
    /// Valid messages of every kind.
    static let corpus: [[UInt8]] = {
        var generator = ValueGenerator(seed: 11)
        let random = (0..<150).compactMap { _ in try? generator.value().encoded() }.filter { $0.count < 2000 }
        let rows = FormatTableTests.scalars + FormatTableTests.strings + FormatTableTests.extensions
        return random + rows.map(\.bytes).filter { $0.count < 300 } + ObjectTests.rows.map(\.bytes)
    }()

    @Test("Every truncation of a valid message is an error")
    func truncations() async throws {
        #expect(Self.corpus.map(\.count).reduce(0, +) > 5000)
        try await concurrently(Self.corpus) { message in
            for length in 0..<message.count {
                let part = Array(message[..<length])
                if (try? Value(decoding: part)) != nil { Issue.record("\(hexText(part)) was read") }
                if (try? Reader.withReader(over: part) { try $0.skip() }) != nil {
                    Issue.record("\(hexText(part)) was skipped")
                }
                if (try? MessagePackDecoder.decode(Anything.self, from: part)) != nil {
                    Issue.record("\(hexText(part)) was decoded")
                }
            }
        }
    }

    @Test("Random changes of valid messages never trap, and what can be read survives a round trip")
    func mutations() async throws { try await concurrently(1...8, mutations) }

    @Sendable private func mutations(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<2500 {
            var message = random.pick(Self.corpus)
            guard !message.isEmpty else { continue }
            for _ in 0...random.below(4) {
                switch random.below(3) {
                case 0: message[random.below(message.count)] = UInt8(random.below(256))
                case 1: message.insert(UInt8(random.below(256)), at: random.below(message.count + 1))
                default: if message.count > 1 { message.remove(at: random.below(message.count)) }
                }
            }
            exercise(message)
        }
    }

    @Test("Random bytes never trap")
    func noise() async throws { try await concurrently(1...4, noise) }

    @Sendable private func noise(seed: UInt64) {
        var random = SplitMix64(seed: seed &+ 100)
        for _ in 0..<5000 {
            exercise((0..<random.below(40)).map { _ in UInt8(random.below(256)) })
        }
    }

    /// Reads a message in every way, all of which must agree on whether it can be read.
    private func exercise(_ message: [UInt8]) {
        if let value = try? Value(decoding: message) {
            _ = value.description
            #expect(throws: Never.self, "\(hexText(message))") {
                try Reader.withReader(over: message) { try $0.skip() }
            }
            if let again = try? value.encoded() {
                #expect((try? Value(decoding: again)) == value, "\(hexText(message))")
            }
        }
        _ = try? MessagePackDecoder.decode(Anything.self, from: message)
        _ = try? MessagePackDecoder.decode(Record.self, from: message)
        _ = try? MessagePackDecoder.decode([String: Record?].self, from: message)
        _ = try? MessagePackDecoder.decode(Set<UniqueIdentifier>.self, from: message)
        _ = try? MessagePackDecoder.decode([CalendarDate].self, from: message)
        _ = try? MessagePackDecoder.decode([[UInt8]].self, from: message)
    }
}

/// Walks through any message with the containers of `Codable`.
private struct Anything: Decodable {
    init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: AnyKey.self) {
            for key in container.allKeys {
                if try !container.decodeNil(forKey: key) { _ = try container.decode(Anything.self, forKey: key) }
            }
        } else if var container = try? decoder.unkeyedContainer() {
            while !container.isAtEnd {
                if try !container.decodeNil() { _ = try container.decode(Anything.self) }
            }
        } else {
            _ = try decoder.singleValueContainer().decode(Value.self)
        }
    }

    struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int?
        init(stringValue: String) { self.stringValue = stringValue }
        init(intValue: Int) {
            self.intValue = intValue
            stringValue = "\(intValue)"
        }
    }
}

private struct Record: Decodable {
    var type: String?
    var a: Int?
    var b: [Record]?
    var c: DateTime?
    enum CodingKeys: String, CodingKey {
        case type = "__type__"
        case a, b, c
    }
}
