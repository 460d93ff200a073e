import Testing
import ZeroMQ

@testable import Lymph

@Suite("Gate", .timeLimit(.minutes(1)))
struct GateTests {
    private struct Failure: Error {}

    /// Tasks that wait for the value; they have run as far as they can.
    private func wait(_ count: Int, for gate: Gate<Int>, ended: Lock<Int> = Lock(0)) -> [Task<Int, any Error>] {
        (0..<count).map { _ in
            Task.immediate {
                defer { ended.withLock { $0 += 1 } }
                return try await gate.value()
            }
        }
    }

    @Test("a task that asks after the opening gets the value at once")
    func after() async throws {
        let gate = Gate<Int>()
        gate.open(.success(7))
        for _ in 0..<3 { #expect(try await gate.value() == 7) }
        let ended = Lock(0)
        _ = wait(3, for: gate, ended: ended)
        #expect(ended.withLock(\.self) == 3)
    }

    @Test("a task that asks before the opening waits")
    func before() async throws {
        let (gate, ended) = (Gate<Int>(), Lock(0))
        let tasks = wait(100, for: gate, ended: ended)
        #expect(ended.withLock(\.self) == 0)
        gate.open(.success(7))
        for task in tasks { #expect(try await task.value == 7) }
    }

    @Test("only the first opening counts")
    func twice() async throws {
        let gate = Gate<Int>()
        gate.open(.success(1))
        gate.open(.success(2))
        gate.open(.failure(Failure()))
        #expect(try await gate.value() == 1)
        let failed = Gate<Int>()
        failed.open(.failure(Failure()))
        failed.open(.success(2))
        await #expect(throws: Failure.self) { try await failed.value() }
    }

    @Test("a failure reaches waiting and later tasks")
    func failure() async {
        let (gate, ended) = (Gate<Int>(), Lock(0))
        let tasks = wait(10, for: gate, ended: ended)
        #expect(ended.withLock(\.self) == 0)
        gate.open(.failure(Failure()))
        for task in tasks { await #expect(throws: Failure.self) { try await task.value } }
        await #expect(throws: Failure.self) { try await gate.value() }
    }

    @Test("a cancelled task stops waiting, the others don't", arguments: [false, true])
    func cancellation(isWaiting: Bool) async throws {
        let (gate, ended) = (Gate<Int>(), Lock(0))
        let patient = wait(1, for: gate, ended: ended)[0]
        let tasks = isWaiting ? wait(10, for: gate) : (0..<10).map { _ in Task { try await gate.value() } }
        for task in tasks { task.cancel() }
        for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
        #expect(ended.withLock(\.self) == 0)
        gate.open(.success(7))
        #expect(try await patient.value == 7)
    }

    @Test("a task that is already cancelled gets a known value, but does not wait")
    func cancelledBefore() async throws {
        let gate = Gate<Int>()
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await gate.value()
        }
        await #expect(throws: CancellationError.self) { try await early.value }
        gate.open(.success(7))
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await gate.value()
        }
        #expect(try await late.value == 7)
    }

    @Test("cancelling and opening at the same time ends every wait exactly once")
    func storm() async throws {
        for round in 0..<20 {
            let gate = Gate<Int>()
            // Some of them begin to wait while others are cancelled.
            let tasks =
                round.isMultiple(of: 2) ? wait(50, for: gate) : (0..<50).map { _ in Task { try await gate.value() } }
            async let opening: Void = gate.open(.success(7))
            for (index, task) in tasks.enumerated() where index.isMultiple(of: 2) { task.cancel() }
            await opening
            for (index, task) in tasks.enumerated() {
                switch await task.result {
                case .success(let value): #expect(value == 7)
                case .failure(let error): #expect(index.isMultiple(of: 2) && error is CancellationError)
                }
            }
        }
    }
}
