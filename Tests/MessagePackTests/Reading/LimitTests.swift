import MessagePack
import Testing

@Suite("Limits", .timeLimit(.minutes(1)))
struct LimitTests {
    /// Headers that announce far more than follows.
    static let bombs = [
        "ddffffffff", "dfffffffff", "dcffff", "deffff", "dbffffffff", "c6ffffffff", "c9ffffffff05",
        "dd7fffffff" + "c0", "9fddffffffff", "81a161dfffffffff", "ddfffffff0" + String(repeating: "90", count: 100),
        "d965", "8f",
    ]

    @Test("A header that announces too much fails at once", arguments: bombs)
    func headers(bytes: String) {
        #expect(code { _ = try Value(decoding: hex(bytes)) } == .truncated)
        #expect(code { try Reader.withReader(over: hex(bytes)) { try $0.skip() } } == .truncated)
        #expect(throws: MessagePackError.self) { try MessagePackDecoder.decode([Value].self, from: hex(bytes)) }
        #expect(throws: MessagePackError.self) { try MessagePackDecoder.decode([String: Value].self, from: hex(bytes)) }
        #expect(throws: MessagePackError.self) { try MessagePackDecoder.decode([[Int]].self, from: hex(bytes)) }
    }

    private func nested(_ depth: Int, open: String = "91") -> [UInt8] {
        hex(String(repeating: open, count: depth - 1) + "90")
    }

    @Test("64 levels of nesting are read, 65 are not", arguments: ["91", "81c0", "c40061"])
    func depth(open: String) throws {
        guard open != "c40061" else { return }
        #expect(try Value(decoding: nested(64, open: open)).isNil == false)
        #expect(code { _ = try Value(decoding: nested(65, open: open)) } == .depthExceeded)
    }

    @Test("A hundred thousand levels are an error, not a crash", arguments: ["91", "81c0", "81a161", "d46591"])
    func veryDeep(open: String) {
        let bytes = hex(String(repeating: open, count: 100_000) + "90")
        #expect(throws: MessagePackError.self) { try Value(decoding: bytes) }
        #expect(throws: MessagePackError.self) { try MessagePackDecoder.decode(Tree.self, from: bytes) }
        #expect(throws: MessagePackError.self) { try MessagePackDecoder.decode(Chain.self, from: bytes) }
        #expect(throws: MessagePackError.self) {
            try MessagePackDecoder.decode(Value.self, from: bytes, limits: .init(depth: .max))
        }
    }

    @Test("Skipping needs no stack")
    func skipDeep() throws {
        try Reader.withReader(over: nested(1_000_000)) { try $0.skip() }
    }

    @Test("The limit applies to types as to values")
    func typedDepth() throws {
        #expect(try MessagePackDecoder.decode(Tree.self, from: nested(64)).depth == 64)
        #expect(code { _ = try MessagePackDecoder.decode(Tree.self, from: nested(65)) } == .depthExceeded)
        #expect(try MessagePackDecoder.decode(Tree.self, from: nested(65), limits: .init(depth: 65)).depth == 65)
        #expect(
            code { _ = try MessagePackDecoder.decode(Tree.self, from: nested(3), limits: .init(depth: 2)) }
                == .depthExceeded)
    }

    @Test("Embedded messages share the depth")
    func embeddedDepth() throws {
        var value: Value = []
        for _ in 0..<63 { value = .embedded(try value.encoded()) }
        let bytes = try value.encoded()
        #expect(try Value(decoding: bytes) == [])
        let deeper = try Value.embedded(bytes).encoded()
        #expect(code { _ = try Value(decoding: deeper) } == .depthExceeded)
        #expect(code { _ = try MessagePackDecoder.decode([Int].self, from: deeper) } == .depthExceeded)
    }

    @Test("Writing has the same limit")
    func writing() throws {
        var value: Value = []
        for _ in 0..<63 { value = [value] }
        #expect(try Value(decoding: value.encoded()) == value)
        #expect(code { _ = try Value.array([value]).encoded() } == .depthExceeded)
        #expect(try MessagePackEncoder.encode(Tree(depth: 64)) == nested(64))
        #expect(code { _ = try MessagePackEncoder.encode(Tree(depth: 65)) } == .depthExceeded)
        #expect(code { _ = try MessagePackEncoder.encode([value]) } == .depthExceeded)
        #expect(code { _ = try MessagePackEncoder.encode(Chain(depth: 65)) } == .depthExceeded)
        #expect(code { _ = try MessagePackEncoder.encode(Chain(depth: 10_000)) } == .depthExceeded)
    }

    @Test("Objects count as maps")
    func objects() throws {
        var value: Value = .uuid(UniqueIdentifier(high: 0, low: 0))
        for _ in 0..<63 { value = [value] }
        #expect(try Value(decoding: value.encoded()) == value)
        #expect(code { _ = try Value.array([value]).encoded() } == .depthExceeded)
        var set: Value = .set([1])
        for _ in 0..<62 { set = [set] }
        #expect(try Value(decoding: set.encoded()) == set)
        #expect(code { _ = try Value.array([set]).encoded() } == .depthExceeded)
    }

    @Test("The budget counts every element of a message")
    func budget() throws {
        let bytes = try (["a": [1, 2, 3], "b": nil] as Value).encoded()
        let enough = MessagePackLimits(elements: 7)
        let tooFew = MessagePackLimits(elements: 6)
        #expect(try Value(decoding: bytes, limits: enough).mapValue?.count == 2)
        #expect(code { _ = try Value(decoding: bytes, limits: tooFew) } == .budgetExceeded)
        #expect(try MessagePackDecoder.decode([String: [Int]?].self, from: bytes, limits: enough).count == 2)
        #expect(
            code { _ = try MessagePackDecoder.decode([String: [Int]?].self, from: bytes, limits: tooFew) }
                == .budgetExceeded)
        #expect(code { _ = try MessagePackDecoder.decode(Empty.self, from: bytes, limits: tooFew) } == .budgetExceeded)
        try Reader.withReader(over: bytes, limits: enough) { try $0.skip() }
        #expect(code { try Reader.withReader(over: bytes, limits: tooFew) { try $0.skip() } } == .budgetExceeded)
    }

    @Test("The budget counts embedded messages")
    func embeddedBudget() throws {
        let bytes = try Value.array([.embedded(Value.array([1, 2, 3]).encoded())]).encoded()
        let limits = MessagePackLimits(elements: 3)
        #expect(code { _ = try Value(decoding: bytes, limits: limits) } == .budgetExceeded)
        #expect(
            code { _ = try MessagePackDecoder.decode([[Int]].self, from: bytes, limits: limits) } == .budgetExceeded)
        #expect(try MessagePackDecoder.decode([[Int]].self, from: bytes, limits: .init(elements: 4)) == [[1, 2, 3]])
    }

    @Test("A type that tries several shapes does not use up the budget")
    func retries() throws {
        let bytes = try (["a": [1, 2, 3, 4, 5, 6, 7, 8]] as Value).encoded()
        let limits = MessagePackLimits(elements: 10)
        #expect(
            try MessagePackDecoder.decode([String: Several].self, from: bytes, limits: limits)["a"]?.numbers.count == 8)
    }

    @Test("Maps with maps or a hundred thousand NaN as keys don't take quadratic time")
    func hostileKeys() throws {
        var nan: [UInt8] = hex("df000186a0")
        for _ in 0..<100_000 { nan += hex("cb7ff8000000000000c0") }
        #expect(try Value(decoding: nan).mapValue?.count == 1)
        var level = hex("00")
        for _ in 0..<5 {
            var next: [UInt8] = [0x88]
            for number in 0..<8 { next += level.dropLast() + [UInt8(number)] + [0xc0] }
            level = next
        }
        #expect(throws: Never.self) { try Value(decoding: level) }
    }
}

/// Arrays of arrays.
private struct Tree: Codable {
    var depth: Int

    init(depth: Int) { self.depth = depth }

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        depth = try container.isAtEnd ? 1 : container.decode(Tree.self).depth + 1
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        if depth > 1 { try container.encode(Tree(depth: depth - 1)) }
    }
}

/// Maps in nested containers that are opened by hand.
private struct Chain: Codable {
    var depth: Int

    init(depth: Int) { self.depth = depth }

    init(from decoder: any Decoder) throws {
        var container = try decoder.container(keyedBy: CodingKeys.self)
        depth = 1
        while true {
            container = try container.nestedContainer(keyedBy: CodingKeys.self, forKey: .a)
            depth += 1
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        for _ in 1..<depth { container = container.nestedContainer(keyedBy: CodingKeys.self, forKey: .a) }
    }

    enum CodingKeys: String, CodingKey { case a }
}

private struct Empty: Codable {}

/// Tries strings before numbers.
private struct Several: Decodable {
    var numbers: [Int]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if (try? container.decode([String].self)) != nil {
            numbers = []
        } else {
            numbers = try container.decode([Int].self)
        }
    }
}
