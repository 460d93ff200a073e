import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

/// Types whose code never ends with the wrong decoder, or that are endless themselves.
struct ProbeLimitTests {
    private struct Level1: Codable { let next: Level2 }
    private struct Level2: Codable { let next: [Level3] }
    private struct Level3: Codable { let next: Level4? }
    private struct Level4: Codable { let next: [Int: Level5] }
    private struct Level5: Codable { let next: Level6 }
    private struct Level6: Codable { let next: Level7 }
    private struct Level7: Codable { let next: Level8 }
    private struct Level8: Codable { let next: Level9? }
    private struct Level9: Codable { let end: Int }

    private struct Impatient: Codable {
        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            while !container.isAtEnd { _ = try? container.decode(Picky.self) }
        }
    }

    private struct Waiting: Codable {
        init(from decoder: any Decoder) throws {
            let container = try decoder.unkeyedContainer()
            while !container.isAtEnd {}
        }
    }

    private struct Greedy: Codable {
        var numbers: [Int] = []
        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            while let number = try? container.decode(Int.self) { numbers.append(number) }
        }
    }

    /// Decodes itself from its own decoder.
    private final class Mirror: Codable {
        let other: Mirror
        init(from decoder: any Decoder) throws {
            _ = try decoder.container(keyedBy: CodingKeys.self)
            other = try Mirror(from: decoder)
        }
    }

    /// Decodes itself from the decoder of a part.
    private final class Chain: Codable {
        let next: Chain
        init(from decoder: any Decoder) throws {
            next = try Chain(from: decoder.container(keyedBy: CodingKeys.self).superDecoder(forKey: .next))
        }
    }

    private struct Required: Codable { let other: [Int: RequiredBack] }
    private struct RequiredBack: Codable { let back: Required }

    @Test(
        arguments: [
            Level1.self, Impatient.self, Waiting.self, Greedy.self, Mirror.self, Chain.self, Required.self,
        ] as [Any.Type])
    func ends(type: Any.Type) {
        let probe = Probe(steps: 1000)
        _ = probe.schema(of: type)
        #expect(probe.definitions.count < 100)
    }

    @Test func typesAreFollowedToADepthOf8() {
        let method = MethodSchema(of: [], returning: Level1.self, raises: [])
        #expect(method.definitions.count == 8)
        #expect(
            method.definitions.last
                == TypeDefinition(
                    "Level8",
                    .object([
                        .init("next", .optional(.opaque("Level9")), isRequired: false)
                    ])))
    }

    @Test func aTypeRunsAFewTimesOnly() {
        let runs = Lock(0)
        Counting.$run.withValue({ runs.withLock { $0 += 1 } }) {
            let types = Array(repeating: Counting.self as Any.Type, count: 10)
            _ = MethodSchema(of: types.map { .init("a", $0) }, returning: [Counting].self, raises: [])
        }
        #expect(runs.withLock { $0 } == ProbeSeed.all.count)
    }

    private struct Counting: Codable {
        @TaskLocal static var run: @Sendable () -> Void = {}
        let a: String
        init(from decoder: any Decoder) throws {
            Self.run()
            a = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .a)
            throw ProbeRefusal()
        }
    }

    @Test func isFoundOutOnce() {
        let made = Lock(0)
        let lazy = LazyMethodSchema {
            made.withLock { $0 += 1 }
            return MethodSchema(result: .scalar(.nil))
        }
        #expect(made.withLock { $0 } == 0)
        #expect(lazy.known == nil)
        #expect(lazy.value == lazy.value && lazy.value == lazy.known)
        #expect(made.withLock { $0 } == 1)
    }
}
