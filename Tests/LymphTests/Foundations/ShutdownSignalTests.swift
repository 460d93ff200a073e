import Testing
import ZeroMQ

@testable import Lymph

@Suite("Shutdown signal", .timeLimit(.minutes(1)))
struct ShutdownSignalTests {
    /// A task that waits for the signal; it has run as far as it can.
    private func wait(for signal: ShutdownSignal, ended: Lock<Int> = Lock(0)) -> Task<Void, Never> {
        Task.immediate {
            await signal.wait()
            ended.withLock { $0 += 1 }
        }
    }

    @Test("a signal given before a wait ends the wait at once")
    func before() {
        let (signal, ended) = (ShutdownSignal(), Lock(0))
        #expect(!signal.isGiven)
        signal.trigger()
        #expect(signal.isGiven)
        _ = wait(for: signal, ended: ended)
        #expect(ended.withLock(\.self) == 1)
        // And again.
        signal.trigger()
        _ = wait(for: signal, ended: ended)
        #expect(signal.isGiven && ended.withLock(\.self) == 2)
    }

    @Test("a signal ends every wait, and no wait ends without it")
    func during() async {
        let (signal, ended) = (ShutdownSignal(), Lock(0))
        let tasks = (0..<10).map { _ in wait(for: signal, ended: ended) }
        for _ in 0..<50 { await Task.yield() }
        #expect(ended.withLock(\.self) == 0)
        signal.trigger()
        signal.trigger()
        for task in tasks { await task.value }
    }

    @Test("only the cancelled task stops waiting, and nothing of it is kept", arguments: [false, true])
    func cancellation(isWaiting: Bool) async {
        let (signal, ended) = (ShutdownSignal(), Lock(0))
        let patient = wait(for: signal, ended: ended)
        #expect(signal.waiterCount == 1)
        let task = isWaiting ? wait(for: signal) : Task { await signal.wait() }
        task.cancel()
        await task.value
        #expect(signal.waiterCount == 1)
        #expect(!signal.isGiven && ended.withLock(\.self) == 0)
        signal.trigger()
        await patient.value
        #expect(signal.waiterCount == 0)
    }

    @Test("an operation that ends first returns or throws as usual")
    func uninterrupted() async throws {
        let signal = ShutdownSignal()
        #expect(try await signal.cancelling { 1 } == (1, false))
        await #expect(throws: DivisionByZero.self) { try await signal.cancelling { throw DivisionByZero() } }
        #expect(signal.waiterCount == 0)
    }

    @Test("the signal cancels an operation, before and after it has begun", arguments: [false, true])
    func cancelling(isRunning: Bool) async throws {
        let signal = ShutdownSignal()
        if !isRunning { signal.trigger() }
        let (isCancelled, isInterrupted) = try await signal.cancelling {
            if isRunning { signal.trigger() }
            try? await Task.sleep(for: .seconds(600))
            return Task.isCancelled
        }
        #expect(isCancelled && isInterrupted)
    }

    @Test("cancelling the task cancels the operation, too")
    func cancelledFromAbove() async throws {
        let signal = ShutdownSignal()
        let (beginnings, begun) = AsyncStream<Void>.makeStream()
        let task = Task {
            try await signal.cancelling {
                begun.finish()
                try? await Task.sleep(for: .seconds(600))
                return Task.isCancelled
            }
        }
        for await _ in beginnings {}
        task.cancel()
        #expect(try await task.value.result)
        #expect(!signal.isGiven)
    }
}
