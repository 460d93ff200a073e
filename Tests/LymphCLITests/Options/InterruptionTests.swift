import Glibc
import LymphService
import Testing

@testable import LymphCLI

@Suite("Commands that are interrupted", .timeLimit(.minutes(1)))
struct InterruptionTests {
    @Test("what runs is cancelled, and what it returns is kept", arguments: [SIGTERM, SIGINT])
    func cancels(number: Int32) async {
        await #expect(processExitsWith: .exitCode(7)) { [number] in
            let (result, isInterrupted) = try await Interruption.cancelling {
                kill(getpid(), number)
                try? await Task.sleep(for: .seconds(50))
                return Int32(7)
            }
            exit(isInterrupted ? result : 1)
        }
    }

    @Test("a later signal ends a command that ignores the first")
    func force() async {
        await #expect(processExitsWith: .exitCode(143)) {
            _ = try await Interruption.cancelling {
                kill(getpid(), SIGINT)
                while !Task.isCancelled { await Task.yield() }
                // Not Task.sleep, which would be cancelled.
                let end = ContinuousClock.now + StopSignals.oneRequest
                while ContinuousClock.now < end { usleep(10_000) }
                kill(getpid(), SIGTERM)
                while true { usleep(10_000) }
            }
        }
    }
}
