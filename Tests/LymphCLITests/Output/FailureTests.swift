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
}
