import Glibc
import Testing

@testable import LymphService

@Suite("Signals to a service", .timeLimit(.minutes(1)))
struct SignalWatchTests {
    @Test("a service that does not stop in time is ended")
    func patience() async {
        await #expect(processExitsWith: .exitCode(70)) {
            let (stops, stop) = AsyncStream<Void>.makeStream()
            let watch = await SignalWatch(output: .standardError, patience: .milliseconds(100)) { stop.yield() }
            kill(getpid(), SIGTERM)
            for await _ in stops { break }
            // A method that ignores everything.
            try await Task.sleep(for: .seconds(50))
            watch.cancel()
        }
    }

    @Test("one that stops in time ends as it wants to")
    func inTime() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let (stops, stop) = AsyncStream<Void>.makeStream()
            let watch = await SignalWatch(output: .standardError, patience: .milliseconds(500)) { stop.yield() }
            kill(getpid(), SIGTERM)
            for await _ in stops { break }
            watch.cancel()
            try await Task.sleep(for: .seconds(1))
            exit(7)
        }
    }
}
