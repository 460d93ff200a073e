import MessagePack
import Testing

/// Containers written in an unusual order.
@Suite("Encoding containers")
struct ContainerTests {
    enum Key: String, CodingKey { case a, b, c, d }

    private func encode(_ body: @escaping (any Encoder) throws -> Void) throws -> Value {
        try Value(decoding: MessagePackEncoder.encode(Closure(body: body)))
    }

    struct Closure: Encodable {
        let body: (any Encoder) throws -> Void
        func encode(to encoder: any Encoder) throws { try body(encoder) }
    }

    @Test("Nested containers may be filled while their parent continues")
    func interleaved() throws {
        let value = try encode { encoder in
            var outer = encoder.container(keyedBy: Key.self)
            var list = outer.nestedUnkeyedContainer(forKey: .a)
            try outer.encode(1, forKey: .b)
            try list.encode("first")
            var map = list.nestedContainer(keyedBy: Key.self)
            try outer.encode(2, forKey: .c)
            try list.encode("last")
            try map.encode([1, 2], forKey: .d)
            for _ in 0..<20 { try list.encodeNil() }
            #expect(list.count == 23)
        }
        let list: [Value] = ["first", ["d": [1, 2]], "last"] + [Value](repeating: .nil, count: 20)
        #expect(value == ["a": .array(list), "b": 1, "c": 2])
    }

    @Test("Encoders for super write their value in place, unused ones an empty map")
    func supers() throws {
        let value = try encode { encoder in
            var outer = encoder.container(keyedBy: Key.self)
            let first = outer.superEncoder(forKey: .a)
            _ = outer.superEncoder()
            try outer.encode(true, forKey: .b)
            var single = first.singleValueContainer()
            try single.encode([1: "x"])
        }
        #expect(value == ["a": [1: "x"], "super": [:], "b": true])
    }

    @Test("Asking twice for a container continues it")
    func twice() throws {
        let value = try encode { encoder in
            var first = encoder.unkeyedContainer()
            try first.encode(1)
            var second = encoder.unkeyedContainer()
            #expect(second.count == 1)
            try second.encode(2)
        }
        #expect(value == [1, 2])
    }

    @Test("An element that fails leaves no trace if its error is caught")
    func caught() throws {
        let failing = Closure { encoder in
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(1, forKey: .a)
            var inner = container.nestedUnkeyedContainer(forKey: .b)
            try inner.encode(2)
            throw MessagePackError(.misuse, "on purpose")
        }
        let value = try encode { encoder in
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(1, forKey: .a)
            #expect(throws: MessagePackError.self) { try container.encode(failing, forKey: .b) }
            #expect(throws: MessagePackError.self) { try container.encode([[failing]], forKey: .b) }
            try container.encode([2], forKey: .c)
            var list = container.nestedUnkeyedContainer(forKey: .d)
            try? list.encode(failing)
            try list.encode(3)
        }
        #expect(value == ["a": 1, "c": [2], "d": [3]])
    }

    @Test("Two kinds of container for one value, or two single values, are an error")
    func misuse() {
        #expect(
            code {
                _ = try self.encode { encoder in
                    _ = encoder.container(keyedBy: Key.self)
                    _ = encoder.unkeyedContainer()
                }
            } == .misuse)
        #expect(
            code {
                _ = try self.encode { encoder in
                    var container = encoder.singleValueContainer()
                    try container.encode(1)
                    try container.encode(2)
                }
            } == .misuse)
    }

    @Test("A container that outlives its encode(to:) can no longer write")
    func escaped() throws {
        final class Keeper { var container: (any UnkeyedEncodingContainer)?, encoder: (any Encoder)? }
        let keeper = Keeper()
        let value = try encode { encoder in
            var outer = encoder.unkeyedContainer()
            try outer.encode(
                Closure { inner in
                    keeper.encoder = inner
                    keeper.container = inner.unkeyedContainer()
                    try keeper.container?.encode(1)
                })
            #expect(code { try keeper.container?.encode(2) } == .misuse)
            try outer.encode(3)
        }
        #expect(value == [[1], 3])
        #expect(code { try keeper.container?.encode(4) } == .misuse)
        var late = keeper.encoder?.singleValueContainer()
        #expect(code { try late?.encode(5) } == .misuse)
        _ = keeper.encoder?.container(keyedBy: Key.self)
        _ = keeper.container?.superEncoder()
    }

    @Test("The coding path names where the value is")
    func codingPath() throws {
        let value = try encode { encoder in
            #expect(encoder.codingPath.isEmpty)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(
                [
                    Closure { inner in
                        #expect(inner.codingPath.map(\.stringValue) == ["a", "Index 0"])
                        var single = inner.singleValueContainer()
                        try single.encodeNil()
                    }
                ], forKey: .a)
            #expect(container.superEncoder(forKey: .b).codingPath.map(\.stringValue) == ["b"])
        }
        #expect(value == ["a": [nil], "b": [:]])
    }
}
