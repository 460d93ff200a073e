import Testing

@testable import Lymph

@Suite("A call and the errors of its end")
struct CallEndingTests {
    /// Makes a call in a phase; its continuation is resumed at the end.
    private func call(in phase: Call.Phase, _ body: (Call) -> Void) async {
        _ = try? await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Message, any Error>) in
            let call = Call(.service("echo", nil), "echo.upper", [0x80], timeout: .milliseconds(1500))
            if case .waitingForStart = call.phase {} else { Issue.record("a call begins before the start") }
            call.phase = phase
            body(call)
            continuation.resume(throwing: CancellationError())
        }
    }

    private static let phases: [(Call.Phase, Endpoint?)] = [
        (.waitingForStart, nil), (.lookingUp("echo"), nil), (.connecting(.number(1)), nil),
        (.sent(.number(1)), .number(1)),
    ]

    @Test(
        "a timeout says how far the call came",
        arguments: [
            (
                .waitingForStart, .stopped, LymphError.Execution.none,
                "echo.upper: the client did not run within 1.5 seconds; is its run() called?"
            ),
            (
                .lookingUp("ecko"), .lookupFailure, .none,
                "echo.upper: the registry did not find ecko within 1.5 seconds"
            ),
            (
                .connecting(.number(1)), .notConnected, .none,
                "echo.upper: no connection to tcp://10.0.0.1:4100 within 1.5 seconds; the request was not sent"
            ),
            (
                .sent(.number(2)), .timeout, .unknown,
                "echo.upper: no answer from tcp://10.0.0.2:4100 within 1.5 seconds"
            ),
        ] as [(Call.Phase, LymphError.Code, LymphError.Execution, String)])
    func expired(
        phase: Call.Phase, code: LymphError.Code, execution: LymphError.Execution, message: String
    ) async {
        await call(in: phase) { #expect($0.expired() == LymphError(code, message, execution: execution)) }
    }

    @Test("a call that was sent before says so wherever it ends", arguments: phases)
    func sentBefore(phase: Call.Phase, sentTo: Endpoint?) async {
        await call(in: phase) {
            $0.mayHaveRun = true
            #expect($0.expired().execution == .unknown || $0.expired().code == .stopped)
            #expect(!$0.expired().message.contains("not sent"))
        }
    }

    @Test("the end of everything says why, and whether the request may have been executed", arguments: phases)
    func stopped(phase: Call.Phase, sentTo: Endpoint?) async {
        let why = LymphError(.bindFailure, "can't listen")
        await call(in: phase) {
            let error = $0.stopped(why)
            #expect(
                error
                    == LymphError(
                        .stopped, "echo.upper: can't listen", execution: sentTo == nil ? .none : .unknown))
            #expect(error.cause as? LymphError == why)
        }
    }

    @Test("only a request that was sent has a peer", arguments: phases)
    func sentTo(phase: Call.Phase, sentTo: Endpoint?) async {
        await call(in: phase) { #expect($0.sentTo == sentTo) }
    }
}
