internal import ZeroMQ

/// A one-time request to stop, which any number of tasks can wait for.
package final class ShutdownSignal: Sendable {
    private struct State {
        var isGiven = false
        var waiting: [Int: AsyncStream<Never>.Continuation] = [:]
        var lastNumber = 0
    }

    private let state = Lock(State())

    package init() {}

    /// Whether the signal has been given.
    package var isGiven: Bool { state.withLock(\.isGiven) }

    /// How many tasks wait for it.
    var waiterCount: Int { state.withLock(\.waiting.count) }

    package func trigger() {
        let waiting = state.withLock { state in
            defer { state = State(isGiven: true) }
            return state.waiting.sorted { $0.key < $1.key }.map(\.value)
        }
        for continuation in waiting { continuation.finish() }
    }

    /// Returns when the signal is given or the task is cancelled.
    package func wait() async {
        let (signal, continuation) = AsyncStream<Never>.makeStream()
        let number = state.withLock { state -> Int? in
            guard !state.isGiven else { return nil }
            state.lastNumber += 1
            state.waiting[state.lastNumber] = continuation
            return state.lastNumber
        }
        guard let number else { return }
        for await _ in signal {}
        // Without this, cancelled waiters would pile up: the signal may come much later, or never.
        state.withLock { _ = $0.waiting.removeValue(forKey: number) }
    }

    /// Runs `body` in a task that is cancelled when the signal is given or the current task is cancelled.
    ///
    /// - Returns: What `body` returns, and whether it was interrupted before it returned.
    package func cancelling<R: Sendable>(
        _ body: @escaping @Sendable () async throws -> R
    ) async throws -> (result: R, isInterrupted: Bool) {
        try await withThrowingTaskGroup(of: R?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                await self.wait()
                return nil
            }
            var isInterrupted = false
            while let ended = try await group.next() {
                group.cancelAll()
                if let result = ended { return (result, isInterrupted) }
                isInterrupted = true
            }
            throw CancellationError()
        }
    }
}
