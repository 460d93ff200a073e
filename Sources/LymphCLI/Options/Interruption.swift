internal import Glibc
internal import Lymph
internal import LymphService

/// For commands that still report something when they are interrupted.
enum Interruption {
    /// Runs `body` in a task that is cancelled when the process is asked to end (SIGINT, SIGTERM). If `body` does not
    /// end then, or nobody reads the report, another signal ends the process at once.
    ///
    /// - Returns: What `body` returns, and whether it was interrupted before it returned.
    static func cancelling<R: Sendable>(
        _ body: @escaping @Sendable () async throws -> R
    ) async throws -> (result: R, isInterrupted: Bool) {
        let signal = ShutdownSignal()
        // Stays active until the process ends.
        let signals = LymphCommand.signals ?? (ProcessDescriptors.areEnoughForSignals ? SignalWatch() : nil)
        await signals?.obey(
            .init(stop: {
                signal.trigger()
                return nil
            }))
        return try await signal.cancelling(body)
    }
}
