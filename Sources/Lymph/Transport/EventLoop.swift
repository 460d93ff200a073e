package import ZeroMQ

/// What a poller runs on: a thread that waits for sockets, or a queue that a test drives.
///
/// The poller does everything on its loop, and in the loop's time. The loop runs one piece of code at a time, but not
/// necessarily on one thread. Code that needs to know whether it may use the poller's state asks ``enter()``.
package protocol EventLoop: SerialExecutor, TimeSource {
    // MARK: From anywhere

    /// Runs `body` on the loop, in order with the jobs of the executor.
    func execute(_ body: @escaping @Sendable () -> Void)

    /// Whether the caller runs on the loop. If so, it may use what belongs to the loop until ``leave()``.
    func enter() -> Bool

    /// Ends a successful ``enter()``.
    func leave()

    /// An executor for tasks that prefer the loop, and for the non-isolated code that they call.
    ///
    /// - Parameter owner: Kept alive with the executor: the object that stops the loop when it is released.
    func taskExecutor(of owner: (any Sendable)?) -> any TaskExecutor

    /// An executor for tasks that may block or compute; nil for Swift's shared pool.
    var pool: (any TaskExecutor)? { get }

    /// Returns after a duration of the loop's time.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    func sleep(for duration: Duration) async throws

    /// Makes a new source of ids.
    func makeIDs() -> IDGenerator

    /// Ends the loop.
    func stop()

    // MARK: On the loop

    /// When ``onDeadline`` is next called.
    var deadline: Instant? { get set }

    /// Called when ``deadline`` has passed; it should set the next one.
    var onDeadline: (() -> Void)? { get set }

    /// Called when the loop has run out of work, before it waits.
    var onIdle: (() -> Void)? { get set }
}

extension EventLoop {
    /// Starts a task on the ``pool``.
    func startTask(_ operation: @escaping @Sendable @isolated(any) () async -> Void) -> Task<Void, Never> {
        // Not with a preference for nil: for a task with any preference, the runtime looks for it at every switch.
        guard let pool else { return Task.detached(operation: operation) }
        return Task.detached(executorPreference: pool, operation: operation)
    }

    /// Starts a task on the ``pool``, and runs it at once up to its first suspension.
    func startTaskAtOnce<R: Sendable>(
        _ operation: @escaping @Sendable @isolated(any) () async throws -> R
    ) -> Task<R, any Error> {
        guard let pool else { return Task.immediate(operation: operation) }
        return Task.immediate(executorPreference: pool, operation: operation)
    }
}

extension PollThread: EventLoop {
    package var now: Instant { .now }
    package func enter() -> Bool { isCurrent }
    package func leave() {}
    package var pool: (any TaskExecutor)? { nil }
    package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
    package func makeIDs() -> IDGenerator { IDGenerator() }
}
