import Testing

@testable import Lymph

@Suite("A request to stop that several wait for", .timeLimit(.minutes(1)))
struct ShutdownCancellationTests {
    @Test("ends every wait, early and late; one that is cancelled ends alone")
    func waits() async {
        let signal = ShutdownSignal()
        await withDiscardingTaskGroup { group in
            group.addTask { await signal.wait() }
            group.addTask { await signal.wait() }
            let cancelled = Task { await signal.wait() }
            cancelled.cancel()
            await cancelled.value
            #expect(!signal.isGiven)
            signal.trigger()
            signal.trigger()
        }
        #expect(signal.isGiven)
        await signal.wait()
    }

    @Test("cancels what runs, and lets through what that returns or throws")
    func cancelling() async throws {
        let signal = ShutdownSignal()
        #expect(try await signal.cancelling { 1 } == (1, false))
        await #expect(throws: DivisionByZero.self) { try await signal.cancelling { throw DivisionByZero() } }
        signal.trigger()
        let (isCancelled, isInterrupted) = try await signal.cancelling {
            try? await Task.sleep(for: .seconds(600))
            return Task.isCancelled
        }
        #expect(isCancelled && isInterrupted)
    }
}
