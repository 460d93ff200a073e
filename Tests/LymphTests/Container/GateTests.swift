import Testing

@testable import Lymph

@Suite("A value that becomes known once", .timeLimit(.minutes(1)))
struct GateTests {
    private struct Failure: Error {}

    /// Lets other tasks run for a while, so that those that were started wait.
    private func letOthersRun() async {
        for _ in 0..<50 { await Task.yield() }
    }

    @Test("whoever asks after it is known gets it at once")
    func after() async throws {
        let gate = Gate<Int>()
        await gate.open(.success(7))
        for _ in 0..<3 { #expect(try await gate.value() == 7) }
    }

    @Test("whoever asks before waits for it")
    func before() async throws {
        let gate = Gate<Int>()
        let tasks = (0..<100).map { _ in Task { try await gate.value() } }
        await letOthersRun()
        await gate.open(.success(7))
        for task in tasks { #expect(try await task.value == 7) }
    }

    @Test("only the first time counts")
    func twice() async throws {
        let gate = Gate<Int>()
        await gate.open(.success(1))
        await gate.open(.success(2))
        await gate.open(.failure(Failure()))
        #expect(try await gate.value() == 1)
        let failed = Gate<Int>()
        await failed.open(.failure(Failure()))
        await failed.open(.success(2))
        await #expect(throws: Failure.self) { try await failed.value() }
    }

    @Test("a failure comes to those who wait and to those who come later")
    func failure() async {
        let gate = Gate<Int>()
        let tasks = (0..<10).map { _ in Task { try await gate.value() } }
        await letOthersRun()
        await gate.open(.failure(Failure()))
        for task in tasks { await #expect(throws: Failure.self) { try await task.value } }
        await #expect(throws: Failure.self) { try await gate.value() }
    }

    @Test("a cancelled task stops waiting, the others don't", arguments: [false, true])
    func cancellation(isEarly: Bool) async throws {
        let gate = Gate<Int>()
        let patient = Task { try await gate.value() }
        let tasks = (0..<10).map { _ in Task { try await gate.value() } }
        if !isEarly { await letOthersRun() }
        for task in tasks { task.cancel() }
        for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
        await gate.open(.success(7))
        #expect(try await patient.value == 7)
    }

    @Test("a task that is cancelled already gets what is known, or nothing")
    func cancelledBefore() async throws {
        let gate = Gate<Int>()
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await gate.value()
        }
        await #expect(throws: CancellationError.self) { try await early.value }
        await gate.open(.success(7))
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await gate.value()
        }
        #expect(try await late.value == 7)
    }

    @Test("cancelling and opening at the same time ends every wait exactly once")
    func storm() async throws {
        for _ in 0..<20 {
            let gate = Gate<Int>()
            let tasks = (0..<50).map { _ in Task { try await gate.value() } }
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

@Suite("A request to stop", .timeLimit(.minutes(1)))
struct ShutdownSignalTests {
    @Test("given before somebody waits")
    func before() async {
        let signal = ShutdownSignal()
        signal.trigger()
        await signal.wait()
        // And again.
        signal.trigger()
        await signal.wait()
    }

    @Test("given while somebody waits")
    func during() async {
        let signal = ShutdownSignal()
        let task = Task { await signal.wait() }
        for _ in 0..<50 { await Task.yield() }
        signal.trigger()
        await task.value
    }

    @Test("a cancelled task stops waiting", arguments: [false, true])
    func cancellation(isEarly: Bool) async {
        let signal = ShutdownSignal()
        let task = Task { await signal.wait() }
        if !isEarly { for _ in 0..<50 { await Task.yield() } }
        task.cancel()
        await task.value
    }

    @Test("it does not end by itself")
    func waits() async {
        let signal = ShutdownSignal()
        let ended = Gate<Void>()
        let task = Task {
            await signal.wait()
            await ended.open(.success(()))
        }
        let asking = Task { try await ended.value() }
        for _ in 0..<200 { await Task.yield() }
        asking.cancel()
        await #expect(throws: CancellationError.self) { try await asking.value }
        signal.trigger()
        await task.value
    }
}
