internal import Glibc
internal import Lymph
internal import LymphService

/// For commands that have something to say when a person ends them.
enum Interruption {
    /// Runs `body`; its task is cancelled when the process is asked to end (SIGINT, SIGTERM). When it does not end, or nobody
    /// takes what is said afterwards, another signal ends the process at once.
    ///
    /// - Returns: What `body` returns, and whether it was interrupted before it had.
    static func cancelling<R: Sendable>(
        _ body: @escaping @Sendable () async throws -> R
    ) async throws -> (result: R, isInterrupted: Bool) {
        let signal = ShutdownSignal()
        // Goes on until the process ends.
        let signals = LymphCommand.signals ?? (ProcessDescriptors.areEnoughForSignals ? SignalWatch() : nil)
        await signals?.obey(
            .init(stop: {
                signal.trigger()
                return nil
            }))
        return try await signal.cancelling(body)
    }
}
