import LymphService
import Testing

@Suite("Standard streams that are closed", .timeLimit(.minutes(1)))
struct ClosedStreamTests {
    @Test("a result that can't be written is a failure", arguments: [">&-", "<&- >&-", ">/dev/full"])
    func output(redirection: String) async throws {
        try await EchoFleet.with { fleet in
            let outcome = try await fleet.tool.shell(
                #"$LYMPH request echo.upper '{"text": "foo"}' \#(redirection); echo "status $?""#)
            #expect(outcome.output == "status 1\n")
            #expect(outcome.errorLines.count == 1)
            #expect(outcome.errors.hasPrefix("lymph: the output can't be written: "))
        }
    }

    @Test(
        "a help text that can't be written is a failure, too",
        arguments: ["--help", "--version", "request --help", "help ping"])
    func help(arguments: String) async throws {
        let outcome = try await Tool().shell("$LYMPH \(arguments) >&-; echo \"status $?\"")
        #expect(outcome.output == "status 1\n")
        #expect(outcome.errors == "lymph: the output can't be written: Bad file descriptor\n")
    }

    @Test("streams that are not needed may be closed")
    func others() async throws {
        try await EchoFleet.with { fleet in
            let outcome = try await fleet.tool.shell(
                #"$LYMPH request echo.upper '{"text": "foo"}' <&- 2>&-; $LYMPH request echo.nosuch '{}' 2>&-; echo $?"#)
            #expect(outcome.output == "\"FOO\"\n4\n")
        }
    }

    @Test("reading arguments from a closed standard input is a failure")
    func input() async throws {
        let outcome = try await Tool().shell("$LYMPH request echo.upper --address tcp://127.0.0.1:9 <&-")
        #expect(outcome.status == 1)
        #expect(outcome.errors == "lymph: standard input can't be read: Bad file descriptor\n")
    }
}
