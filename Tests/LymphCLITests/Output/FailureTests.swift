import Lymph
import Testing

@testable import LymphCLI

@Suite("Failures and their exit codes")
struct FailureTests {
    private static let codes: [LymphError.Code] = [
        .timeout, .nack, .lookupFailure, .notConnected, .connectionLost, .registrationFailure, .stopped,
        .invalidRequest, .invalidReply, .configuration, .bindFailure, .alreadyRunning,
    ]

    @Test("a code that says that nothing ran comes only if that is so", arguments: codes)
    func codesFollowTheExecution(code: LymphError.Code) {
        for execution in [LymphError.Execution.unknown, .executed] {
            let failure = Failure(LymphError(code, "", execution: execution))
            #expect(!failure.status.promisesNothingRan, "\(failure.status)")
        }
        let registry = RegistryError(.unavailable, "away")
        #expect(
            Failure(LymphError(code, "", execution: .unknown, cause: registry)).status.promisesNothingRan == false)
    }

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
        ] as [(LymphError, LymphCLI.ExitStatus)])
    func eachKind(error: LymphError, status: LymphCLI.ExitStatus) {
        #expect(Failure(error).status == status)
    }

    @Test("many requests end with a code that holds for all that failed")
    func many() {
        var result = LoadResult()
        for _ in 0..<3 { result.fail(Failure(.notConnected, "away")) }
        #expect(result.status == .notConnected)
        result.fail(Failure(.unknownOutcome, "lost"))
        #expect(result.status == .unknownOutcome)
    }
}
