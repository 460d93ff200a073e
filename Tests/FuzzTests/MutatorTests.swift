import FuzzTargets
import Testing

@Suite("Mutator", .timeLimit(.minutes(1)))
struct MutatorTests {
    private static func inputs(seed: UInt64, count: Int = 2000) -> [[UInt8]] {
        var mutator = Mutator(.all[0], seed: seed)
        return (0..<count).map { _ in mutator.next() }
    }

    @Test("a seed makes the same inputs, and another one others")
    func determinism() {
        #expect(Self.inputs(seed: 1) == Self.inputs(seed: 1))
        #expect(Self.inputs(seed: 1) != Self.inputs(seed: 2))
    }

    @Test("inputs differ, and none is too long")
    func variety() {
        let inputs = Self.inputs(seed: 3)
        #expect(Set(inputs).count > 1500)
        #expect(inputs.allSatisfy { $0.count <= FuzzTarget.all[0].longest })
    }
}
