import LymphTesting
import Testing
import ZeroMQ

@testable import Lymph

/// The time in which a test runs: real, or virtual in the half in memory of ``withFixture(_:_:)``.
enum TestTime {
    /// Nil in real time.
    @TaskLocal static var scheduler: ManualScheduler?

    static var now: Instant { scheduler?.now ?? .now }

    static func sleep(for duration: Duration) async throws {
        guard let scheduler else { return try await Task.sleep(for: duration) }
        try await scheduler.sleep(for: duration)
    }

    /// Starts a task in this time.
    static func start<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) -> Task<R, any Error> {
        Task(executorPreference: scheduler?.executor, operation: body)
    }
}

/// Expects that `body` takes no longer than `limit` of the virtual time, in which waiting for too long costs nothing and
/// would go unnoticed. Real time is not held against the limit: a machine may be slow.
@discardableResult
func within<R>(
    _ limit: Duration, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> R
) async rethrows -> R {
    let begin = TestTime.now
    defer {
        let time = TestTime.now - begin
        if TestTime.scheduler != nil, time > limit {
            Issue.record("it took \(time), more than \(limit)", sourceLocation: sourceLocation)
        }
    }
    return try await body()
}

/// Waits until a condition becomes true, within a generous time.
func eventually(
    within time: Duration = .seconds(10), _ condition: () async throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let end = TestTime.now + time
    while try await !condition() {
        guard TestTime.now < end else {
            Issue.record("it did not become true within \(time)", sourceLocation: sourceLocation)
            return
        }
        try await TestTime.sleep(for: .milliseconds(2))
    }
}

extension InterfaceContext {
    /// Sleeps in the time of the interface's container.
    func sleep(for duration: Duration) async throws { try await client.poller.loop.sleep(for: duration) }
}
