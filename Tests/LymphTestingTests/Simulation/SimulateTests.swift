import Logging
import Lymph
import Testing
import ZeroMQ

@testable import LymphTesting

@Suite("A simulation", .timeLimit(.minutes(5)))
struct SimulateTests {
    private static func failure(
        seed: UInt64 = 1, _ body: @escaping @Sendable (Simulation) async throws -> Void
    ) -> SimulationFailure? {
        do { try simulate(seed, body) } catch { return error as? SimulationFailure }
        return nil
    }

    private static func calls(_ simulation: Simulation, _ count: Int) async -> [String] {
        let answers = Lock<[String]>([])
        await simulation.client("caller") { client, _ in
            for _ in 0..<count {
                let answer: String? = try? await client.proxy("echo", timeout: .seconds(2)).call("upper", text: "a")
                answers.withLock { $0.append(answer ?? "none") }
            }
        }
        return answers.withLock(\.self)
    }

    @Test("a fleet without faults works, and an hour passes in no time")
    func works() throws {
        try simulate(1) { simulation in
            await simulation.node("a") { _ in [.init(Upper.self, as: "echo")] }
            try await simulation.sleep(for: .seconds(3000))
            #expect(await Self.calls(simulation, 3) == ["A", "A", "A"])
            await simulation.expectQuiet(within: .seconds(30))
        }
    }

    @Test("what is wrong is told with the seed and the last events")
    func findings() throws {
        let failure = try #require(
            Self.failure(seed: 77) { simulation in
                for number in 0..<60 { simulation.note("event \(number)") }
                simulation.fail("it is wrong")
            })
        #expect(failure.findings == ["it is wrong"])
        #expect(failure.events.count == 50)
        #expect(failure.events.last?.contains("it is wrong") == true)
        #expect("\(failure)".contains("LYMPH_SEED=77"))
        #expect("\(failure)".contains("event 59"))
        #expect(!"\(failure)".contains("event 5\n"))
    }

    @Test("an error that the scenario throws is a finding")
    func thrown() {
        struct Broken: Error {}
        #expect(Self.failure { _ in throw Broken() }?.findings == ["Broken()"])
    }

    @Test("what escapes to other threads is found", arguments: ["task", "sleep", "detached"])
    func escapes(kind: String) {
        let failure = Self.failure { simulation in
            switch kind {
            case "task":
                let loop = Lock(0)
                Task { loop.withLock { $0 += 1 } }
                try await simulation.sleep(for: .seconds(1))
            case "sleep": try await Task.sleep(for: .nanoseconds(1))
            default: await Task.detached {}.value
            }
        }
        #expect(
            failure?.findings.contains { $0.contains("escapes the simulation") || $0.contains("isn't simulated") }
                == true)
    }

    @Test("what never ends is found")
    func endless() {
        let failure = Self.failure { _ in await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } }
        #expect(failure?.findings.first?.contains("has not ended") == true)
    }

    @Test("the order of objects in a set makes the course differ, which is found")
    func nondeterminism() async throws {
        final class Object: Hashable, Sendable {
            let number: Int
            init(_ number: Int) { self.number = number }
            static func == (a: Object, b: Object) -> Bool { a === b }
            func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
        }
        // Objects of one run live on, or the next run's would have their addresses.
        let kept = Lock<[Object]>([])
        await #expect(throws: SimulationFailure.self) {
            try await simulate(seeds: 0..<1) { simulation in
                let objects = (0..<20).map { Object($0) }
                kept.withLock { $0 += objects }
                for object in Set(objects) { try await simulation.sleep(for: .milliseconds(object.number + 1)) }
            }
        }
    }

    @Test("of many faults only those remain without which nothing goes wrong")
    func narrowed() throws {
        let found = (0..<50).lazy.compactMap { (seed: UInt64) -> SimulationFailure? in
            Self.failure(seed: seed) { simulation in
                await simulation.node("a") { _ in [.init(Upper.self, as: "echo")] }
                await simulation.disturb(for: .seconds(5)) {
                    try? await simulation.sleep(for: .seconds(5))
                }
                if simulation.lateness > .zero { simulation.fail("the time has jumped, or a node stood still") }
            }
        }.first
        let failure = try #require(found)
        #expect(failure.faults.count == 1)
        #expect("\(failure)".contains("jumps") || "\(failure)".contains("stands still"), "\(failure)")
    }

    @Test("a situation that no seed reaches fails the run")
    func unreached() async {
        await #expect {
            try await simulate(seeds: 0..<3, mustReach: ["a", "b"]) { $0.sometimes("a") }
        } throws: { error in
            (error as? UnreachedSituations)?.situations == ["b"]
        }
    }

    @Test("a scenario may end right after a crash", arguments: Seeds.default(40))
    func endAfterCrash(seed: UInt64) throws {
        try simulate(seed) { simulation in
            await simulation.node("a") { _ in [.init(Upper.self, as: "echo")] }
            await simulation.disturb(for: .seconds(1)) {}
        }
    }

    @Test("two nodes of one name are a mistake of the scenario")
    func names() {
        let failure = Self.failure { simulation in
            for _ in 0..<2 { await simulation.node("a") { _ in [.init(Upper.self, as: "echo")] } }
        }
        #expect(failure?.findings.first?.contains("two nodes are named a") == true)
    }

    @Test("every number is a seed, the last one too", arguments: [UInt64.max - 1..<UInt64.max, 0..<1])
    func limits(seeds: Range<UInt64>) async throws {
        let report = try await simulate(seeds: seeds) { simulation in
            let number = simulation.draw(in: .min ... .max)
            if number % 2 == 0 { simulation.sometimes("even") }
        }
        #expect(report.seeds == 1)
        #expect(Seeds.seed(from: "\(UInt64.max)") == .max)
    }

    @Test("what is no seed ends the process, and says what one is")
    func noSeed() async {
        await #expect(processExitsWith: .failure) { _ = Seeds.seed(from: "-1") }
    }

    @Test("many seeds have many courses, and each is the same every time")
    func courses() {
        func digests() -> [UInt64] {
            (0..<20).map { seed in
                SimulationRun(seed: seed) { simulation in
                    await simulation.node("a") { _ in [.init(Upper.self, as: "echo")] }
                    await simulation.disturb(for: .seconds(2)) { _ = await Self.calls(simulation, 3) }
                }.digest
            }
        }
        let first = digests()
        #expect(first == digests())
        #expect(Set(first).count == 20)
    }

    @Test("after a fault of each kind the fleet recovers")
    func recovers() throws {
        for seed in UInt64(0)..<30 {
            try simulate(seed) { simulation in
                for name in ["a", "b"] { await simulation.node(name) { _ in [.init(Upper.self, as: "echo")] } }
                await simulation.disturb(for: .seconds(2)) { _ = await Self.calls(simulation, 2) }
                try await simulation.sleep(for: .seconds(12))
                await simulation.client("after") { client, _ in
                    do {
                        let answer: String = try await client.proxy("echo").call("upper", text: "b")
                        if answer != "B" { simulation.fail("a wrong answer: \(answer)") }
                    } catch { simulation.fail("\(error)") }
                }
                await simulation.expectQuiet(within: .seconds(30))
            }
        }
    }
}
