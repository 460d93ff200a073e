internal import Lymph

internal import class ZeroMQ.Lock

/// What runs in a network until it is told to stop: a container or a client.
final class Node: Sendable {
    /// Who it is, for people.
    let name: String
    private let ended = ShutdownSignal()
    private let result = Lock<Result<Void, any Error>?>(nil)
    private let task = Lock<Task<Void, Never>?>(nil)

    /// Begins to run it.
    init(_ name: String, on clock: TestClock, _ run: @escaping @Sendable () async throws -> Void) {
        self.name = name
        // Not a child task: one that never ends is reported, and must not keep the test from ending.
        let task = Task(executorPreference: clock.scheduler.executor) { [result, ended] in
            let outcome = await Result(catching: run)
            result.withLock { $0 = outcome }
            ended.trigger()
        }
        self.task.withLock { $0 = task }
    }

    var hasEnded: Bool { ended.isGiven }

    /// The error that ended it.
    var error: (any Error)? {
        guard case .failure(let error)? = result.withLock(\.self) else { return nil }
        return error
    }

    func cancel() { task.withLock(\.self)?.cancel() }

    /// Returns when it has ended, or when the task is cancelled.
    func wait() async { await ended.wait() }
}
