package import ZeroMQ

/// What a poller runs on: a thread that waits for sockets, or a queue that a test drives.
///
/// Whatever the poller does is done on its loop, and in the loop's time. One piece of code at a time runs there; whether it is always
/// the same thread is the loop's own business, so who wants to know whether it may touch the poller asks ``enter()``.
package protocol EventLoop: SerialExecutor {
    // MARK: For everybody

    /// The time.
    var now: Instant { get }

    /// Runs `body` on the loop, in order with the jobs of the executor.
    func execute(_ body: @escaping @Sendable () -> Void)

    /// Whether the caller runs on the loop. If so, it may touch what belongs to it until ``leave()``.
    func enter() -> Bool

    /// The caller is done with what belongs to the loop.
    func leave()

    /// Runs tasks on the loop, and what they call that has no executor of its own.
    ///
    /// - Parameter owner: Kept alive with the executor: who stops the loop at its end.
    func taskExecutor(of owner: (any Sendable)?) -> any TaskExecutor

    /// Runs tasks that may take their time; nil for Swift's shared pool.
    var pool: (any TaskExecutor)? { get }

    /// Returns after a while.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    func sleep(for duration: Duration) async throws

    /// A new source of ids.
    func makeIDs() -> IDGenerator

    /// Lets the loop end.
    func stop()

    // MARK: On the loop

    /// When `onDeadline` is called next.
    var deadline: Instant? { get set }

    /// Called when `deadline` has come; it should set the next one.
    var onDeadline: (() -> Void)? { get set }

    /// Called after what there was to do, and before the loop waits for more.
    var onIdle: (() -> Void)? { get set }
}

extension PollThread: EventLoop {
    package var now: Instant { .now }
    package func enter() -> Bool { isCurrent }
    package func leave() {}
    package var pool: (any TaskExecutor)? { nil }
    package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
    package func makeIDs() -> IDGenerator { IDGenerator() }
}
