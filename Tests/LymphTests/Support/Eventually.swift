import LymphTesting
import Testing
import ZeroMQ

@testable import Lymph

/// The time in which a test runs; see ``withFixture(_:_:)``.
enum VirtualTime {
    @TaskLocal static var scheduler: ManualScheduler?
}

/// Waits until a condition becomes true, within a generous time.
func eventually(
    within time: Duration = .seconds(10), _ condition: () async throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let scheduler = VirtualTime.scheduler
    var now: Instant { scheduler?.now ?? .now }
    let end = now + time
    while try await !condition() {
        guard now < end else {
            Issue.record("it did not become true within \(time)", sourceLocation: sourceLocation)
            return
        }
        let pause = Duration.milliseconds(2)
        if let scheduler { try await scheduler.sleep(for: pause) } else { try await Task.sleep(for: pause) }
    }
}

extension InterfaceContext {
    /// Sleeps in the time of the interface's container.
    func sleep(for duration: Duration) async throws { try await client.poller.loop.sleep(for: duration) }
}
