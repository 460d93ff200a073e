import Glibc
import LymphService
import Testing

@Suite("Signals to a process", .timeLimit(.minutes(1)))
struct SignalWatchTests {
    @Test("before the service has begun, a signal ends the process with status 0", arguments: [SIGTERM, SIGINT])
    func early(number: Int32) async {
        await #expect(processExitsWith: .exitCode(0)) { [number] in
            _ = SignalWatch()
            kill(getpid(), number)
            try await Task.sleep(for: .seconds(50))
        }
    }

    @Test("other signals are ignored until they get a meaning")
    func others() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let watch = SignalWatch(others: [SIGHUP])
            kill(getpid(), SIGHUP)
            // A signal that the source has not seen yet is merged with the next.
            try await Task.sleep(for: .milliseconds(100))
            await watch.obey(.init(stop: { nil }, other: { exit($0 == SIGHUP ? 7 : 1) }))
            kill(getpid(), SIGHUP)
            try await Task.sleep(for: .seconds(50))
        }
    }

    @Test("a service that does not stop in time is ended, and the obstacle is reported")
    func patience() async throws {
        let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
            let (stops, stop) = AsyncStream<Void>.makeStream()
            let watch = SignalWatch()
            await watch.obey(
                .init(
                    stop: {
                        stop.yield()
                        return .milliseconds(100)
                    }, giveUp: { LogOutput.standardError.write("a method goes on") }))
            kill(getpid(), SIGTERM)
            for await _ in stops { break }
            // A method that ignores everything.
            try await Task.sleep(for: .seconds(50))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("a method goes on\n"))
    }

    @Test("a service that stops in time exits with its own status")
    func inTime() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let (stops, stop) = AsyncStream<Void>.makeStream()
            let watch = SignalWatch()
            await watch.obey(
                .init(stop: {
                    stop.yield()
                    return .milliseconds(500)
                }))
            kill(getpid(), SIGTERM)
            for await _ in stops { break }
            await watch.cancel()
            try await Task.sleep(for: .seconds(1))
            exit(7)
        }
    }

    @Test("a later signal ends it at once, but a repetition of the first does not")
    func force() async {
        await #expect(processExitsWith: .exitCode(130)) {
            let (stops, stop) = AsyncStream<Void>.makeStream()
            let watch = SignalWatch()
            await watch.obey(
                .init(stop: {
                    stop.yield()
                    return nil
                }))
            kill(getpid(), SIGTERM)
            for await _ in stops { break }
            kill(getpid(), SIGTERM)
            try await Task.sleep(for: StopSignals.oneRequest)
            kill(getpid(), SIGINT)
            try await Task.sleep(for: .seconds(50))
        }
    }
}
