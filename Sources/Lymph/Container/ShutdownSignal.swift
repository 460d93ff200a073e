/// A request to stop, made once, that one task waits for.
struct ShutdownSignal: Sendable {
    private let signal: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() {
        (signal, continuation) = AsyncStream.makeStream()
    }

    func trigger() { continuation.finish() }

    /// Returns when the signal is given or the task is cancelled.
    func wait() async {
        for await _ in signal {}
    }
}
