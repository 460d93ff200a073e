internal import UnixSignals

/// For commands that have something to say when a person ends them.
enum Interruption {
    private enum Event<R: Sendable>: Sendable {
        case ended(R)
        case interrupted
    }

    /// Runs `body`; its task is cancelled when the process is asked to end (SIGINT, SIGTERM).
    ///
    /// - Returns: What `body` returns, and whether it was interrupted.
    static func cancelling<R: Sendable>(
        _ body: @escaping @Sendable () async throws -> R
    ) async throws -> (result: R, isInterrupted: Bool) {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: Event<R>.self) { group in
            group.addTask { .ended(try await body()) }
            group.addTask {
                for await _ in signals { break }
                return .interrupted
            }
            var isInterrupted = false
            while let event = try await group.next() {
                group.cancelAll()
                switch event {
                case .ended(let result): return (result, isInterrupted)
                case .interrupted: isInterrupted = true
                }
            }
            throw CancellationError()
        }
    }
}
