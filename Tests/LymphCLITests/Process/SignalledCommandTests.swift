import LymphService
import Testing

@testable import LymphCLI

/// What a terminating signal does to a command.
@Suite(.timeLimit(.minutes(3)))
struct SignalledCommandTests {
    private static let unreachable = ["--registry", "zookeeper:127.0.0.1:1"]

    @Test(
        "a waiting command ends with the exit code that its help promises",
        arguments: [
            ["request", "a.b", "{}", "--timeout", "300"] + unreachable,
            // It waits for arguments from a silent standard input.
            ["request", "a.b", "--timeout", "300"],
            ["request", "a.b", "{}", "-N", "9", "--timeout", "300"] + unreachable,
            ["discover", "--timeout", "300"] + unreachable, ["inspect", "a", "--timeout", "300"] + unreachable,
            ["status", "a", "--timeout", "300"] + unreachable, ["doctor", "--timeout", "300"] + unreachable,
            ["tail", "a"] + unreachable,
            ["change-loglevel", "a", "--level", "debug", "--timeout", "300"] + unreachable,
        ])
    func waiting(arguments: [String]) async throws {
        let outcome = try await Tool().ended(arguments)
        #expect(outcome.status == LymphService.ExitStatus.interrupted.rawValue, "\(outcome)")
        #expect(outcome.output == "" && outcome.errors == "", "\(outcome)")
    }
}
