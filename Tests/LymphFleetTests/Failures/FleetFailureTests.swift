import Lymph
import MessagePack
import Testing

@testable import LymphFleet

@Suite("Failures made from errors")
struct FleetFailureTests {
    private static let codes: [LymphError.Code] = [
        .timeout, .nack, .lookupFailure, .notConnected, .connectionLost, .registrationFailure, .stopped,
        .invalidRequest, .invalidReply, .configuration, .bindFailure, .alreadyRunning,
    ]

    @Test("a code that says that nothing ran is used only if that is true", arguments: codes)
    func codesFollowTheExecution(code: LymphError.Code) {
        for execution in [LymphError.Execution.unknown, .executed] {
            let failure = FleetFailure(LymphError(code, "", execution: execution))
            #expect(!failure.kind.promisesNothingRan, "\(failure.kind)")
        }
        let registry = RegistryError(.unavailable, "away")
        #expect(
            FleetFailure(LymphError(code, "", execution: .unknown, cause: registry)).kind.promisesNothingRan == false)
    }

    @Test("a refusal is about the method if the method doesn't exist")
    func explained() throws {
        let inspection = try Inspection(
            ["methods": [["name": "echo.upper", "params": ["text"]]]], address: "echo", endpoint: nil)
        let refusal = LymphError(.nack, "no", execution: .unknown)
        let method = try #require(RefusalExplanation("echo.uper", arguments: [], in: inspection))
        let argument = try #require(RefusalExplanation("echo.upper", arguments: ["txt"], in: inspection))
        let failures = [method, argument].map {
            FleetFailure(ExplainedRefusal(refusal: refusal, explanation: $0, advice: "a"))
        }
        #expect(failures.map(\.kind) == [.refused, .unknownOutcome])
        #expect(failures.map(\.message) == ["no", "no"] && failures.map(\.advice) == ["a", "a"])
    }
}
