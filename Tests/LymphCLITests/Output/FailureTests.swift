import Lymph
import LymphFleet
import LymphService
import Testing

@testable import LymphCLI

@Suite("Failures and their exit codes")
struct FailureTests {
    @Test(
        "each kind of failure has its code",
        arguments: [
            (LymphError(.timeout, "", execution: .unknown), .timeout),
            (LymphError(.connectionLost, "", execution: .unknown), .unknownOutcome),
            (LymphError(.notConnected, ""), .notConnected),
            (LymphError(.notConnected, "", execution: .unknown), .unknownOutcome),
            (LymphError(.nack, "", reason: .rejected), .refused),
            (LymphError(.nack, "", execution: .unknown, reason: .failed), .unknownOutcome),
            (LymphError(.nack, "", execution: .unknown), .unknownOutcome),
            (LymphError(.stopped, "", execution: .unknown), .failure),
            (LymphError(.invalidReply, "", execution: .executed), .invalidReply),
            (LymphError(.lookupFailure, ""), .registryUnavailable),
            (LymphError(.lookupFailure, "", execution: .unknown), .unknownOutcome),
        ] as [(LymphError, LymphService.ExitStatus)])
    func eachKind(error: LymphError, status: LymphService.ExitStatus) {
        #expect(Failure(error).status == status)
    }

    @Test("advice is given where this tool can help")
    func advice() {
        let away = RegistryError(.lookupFailure, "no echo")
        #expect(Failure(away).advice == "`lymph discover` shows the names")
        #expect(Failure(LymphError(.lookupFailure, "", cause: away)).advice == Failure(away).advice)
        #expect(Failure(LymphError(.lookupFailure, "")).advice == "is the registry running?")
        #expect(Failure(LymphError(.lookupFailure, "", cause: RegistryError(.unavailable, "x"))).advice == nil)
        #expect(Failure(FleetFailure(.other, "x", advice: "y")) == Failure(.failure, "x", advice: "y"))
        #expect(Failure(CancellationError()) == .quietly(.interrupted))
    }

    @Test("the last line names the article, for what is trouble and not an answer or a mistake on the command line")
    func section() {
        let lines = Failure(LymphError(.connectionLost, "it is lost", execution: .unknown)).lines.plain
        #expect(
            lines == [
                "lymph: it is lost; the method may have run anyway",
                "  see \"The connection is lost\" in the article \"When something goes wrong\"",
            ])
        #expect(Failure(RemoteError(type: "Broken"), about: "echo.fail").section == nil)
        #expect(Failure(LymphError(.invalidRequest, "no")).section == nil)
        #expect(Failure(ConfigurationError(.init(message: "no"))).section == .configuration)
    }
}
