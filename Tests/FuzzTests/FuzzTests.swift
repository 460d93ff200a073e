import FuzzTargets
import Testing

/// A short run of every fuzzing target, always with the same inputs. `Tests/Fuzz/run` goes on from there.
@Suite("Fuzzing", .serialized, .timeLimit(.minutes(5)))
struct FuzzTests {
    @Test("no input breaks a property", arguments: FuzzTarget.all.map(\.name))
    func mutations(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        var mutator = Mutator(target, seed: 1)
        for _ in 0..<1000 { try attempt(mutator.next(), target) }
    }

    @Test("the seeds break no property, nor do their beginnings", arguments: FuzzTarget.all.map(\.name))
    func seeds(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        #expect(!target.seeds.isEmpty && target.seeds.allSatisfy { $0.count <= target.longest && !$0.isEmpty })
        for seed in target.seeds {
            for count in stride(from: 0, through: seed.count, by: max(1, seed.count / 50)) {
                try attempt([UInt8](seed.prefix(count)), target)
            }
            try attempt(seed, target)
        }
    }

    @Test("each target has a name of its own")
    func names() {
        #expect(Set(FuzzTarget.all.map(\.name)).count == FuzzTarget.all.count)
    }

    private func attempt(_ input: [UInt8], _ target: FuzzTarget) throws {
        do {
            try target.run(input)
        } catch {
            Issue.record("\(error): \(String(decoding: input, as: UTF8.self).debugDescription), bytes \(input)")
            throw error
        }
    }
}
