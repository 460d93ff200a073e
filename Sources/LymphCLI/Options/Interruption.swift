internal import Glibc
internal import Lymph
internal import LymphService

/// For commands that have something to say when a person ends them.
enum Interruption {
    private enum Event<R: Sendable>: Sendable {
        case ended(R)
        case interrupted
    }

    /// Runs `body`; its task is cancelled when the process is asked to end (SIGINT, SIGTERM). When it does not end, or nobody
    /// takes what is said afterwards, another signal ends the process at once.
    ///
    /// - Returns: What `body` returns, and whether it was interrupted.
    static func cancelling<R: Sendable>(
        _ body: @escaping @Sendable () async throws -> R
    ) async throws -> (result: R, isInterrupted: Bool) {
        let (interruption, interrupt) = AsyncStream<Never>.makeStream()
        // Goes on until the process ends.
        let signals = LymphCommand.signals ?? (ProcessDescriptors.areEnoughForSignals ? SignalWatch() : nil)
        await signals?.obey(
            .init(stop: {
                interrupt.finish()
                return nil
            }))
        return try await withThrowingTaskGroup(of: Event<R>.self) { group in
            group.addTask { .ended(try await body()) }
            group.addTask {
                for await _ in interruption {}
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
