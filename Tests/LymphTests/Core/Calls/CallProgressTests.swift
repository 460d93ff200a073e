import Testing
import ZeroMQ

@testable import Lymph

@Suite("A call and the errors of its end")
struct CallProgressTests {
    /// How far a call has come; the numbers are peers.
    enum Stage: CaseIterable { case waitingForStart, lookingUp, unregistered, trying, queued, sent }

    private let start = Instant.now

    private func call(_ stage: Stage = .waitingForStart) -> Call {
        let call = Call(.service("echo", nil), "echo.upper", [0x80], timeout: .milliseconds(1500), now: start)
        set(stage, of: call)
        return call
    }

    private func set(_ stage: Stage, of call: Call) {
        var outbox = Outbox()
        switch stage {
        case .waitingForStart: break
        case .lookingUp: call.progress.phase = .lookingUp("ecko")
        case .unregistered:
            let unknown = RegistryError(.lookupFailure, "no ecko; did you mean \"echo\"?")
            let error = LymphError(.lookupFailure, unknown.message, cause: unknown)
            call.progress.phase = .unregistered("ecko", error)
        case .trying: call.progress.phase = .trying(.number(1), first: .number(3))
        case .queued: call.progress.phase = .queued(.number(1), outbox.append(.request(1)))
        case .sent: call.progress.phase = .sent(.number(2), at: start)
        }
    }

    @Test("a call may begin before the client's start, and its time counts from then on")
    func beginning() {
        let call = call()
        if case .waitingForStart = call.progress.phase {} else { Issue.record("it begins before the start") }
        #expect(call.deadline == start + .milliseconds(1500))
        #expect(call.id == 0)
        #expect(call.progress.tried == [])
        #expect(call.progress.execution == .none)
    }

    @Test(
        "a timeout says how far the call came",
        arguments: [
            (
                .waitingForStart, .stopped, .none,
                "echo.upper: the client did not run within 1.5 seconds; is its run() called?"
            ),
            (.lookingUp, .lookupFailure, .none, "echo.upper: the registry did not find ecko within 1.5 seconds"),
            (
                .unregistered, .lookupFailure, .none,
                #"echo.upper: nobody has registered ecko within 1.5 seconds: no ecko; did you mean "echo"?"#
            ),
            (
                .trying, .notConnected, .none,
                "echo.upper: no connection to tcp://10.0.0.1:4100 within 1.5 seconds; the request was not sent"
            ),
            (
                .queued, .notConnected, .none,
                "echo.upper: no connection to tcp://10.0.0.1:4100 within 1.5 seconds; the request was not sent"
            ),
            (.sent, .timeout, .unknown, "echo.upper: no answer from tcp://10.0.0.2:4100 within 1.5 seconds"),
        ] as [(Stage, LymphError.Code, LymphError.Execution, String)])
    func timeout(stage: Stage, code: LymphError.Code, execution: LymphError.Execution, message: String) {
        #expect(call(stage).timeoutError() == LymphError(code, message, execution: execution))
    }

    @Test("a timeout keeps the registry's reason, which says that the registry works")
    func timeoutCause() {
        #expect((call(.unregistered).timeoutError().cause as? RegistryError)?.code == .lookupFailure)
        #expect(call(.lookingUp).timeoutError().cause == nil)
    }

    @Test("only a call that has no instance yet awaits its service", arguments: Stage.allCases)
    func awaited(stage: Stage) {
        #expect(call(stage).progress.awaitedService == ([.lookingUp, .unregistered].contains(stage) ? "ecko" : nil))
    }

    @Test("a call that was sent before says so at whichever stage it ends", arguments: Stage.allCases)
    func sentBefore(stage: Stage) {
        let call = call(.sent)
        call.progress.giveUp(.number(2), lookingUp: "echo", mayHaveRun: true)
        if stage != .waitingForStart { set(stage, of: call) }
        #expect(call.progress.execution == .unknown)
        for error in [
            call.timeoutError(), call.stoppedError(LymphError(.stopped, "over")), call.connectionLostError(),
            call.unreachableError("nobody"),
        ] {
            #expect(error.execution == .unknown)
            #expect(!error.message.contains("not sent"))
        }
        // The error of this attempt doesn't know about earlier ones.
        let end = CallEnd(call, throwing: LymphError(.lookupFailure, "gone"))
        #expect(end.error == LymphError(.lookupFailure, "gone", execution: .unknown))
    }

    @Test("a peer that has refused certainly did not execute the call")
    func refusedBefore() {
        let call = call(.sent)
        call.progress.giveUp(.number(2), lookingUp: "echo", mayHaveRun: false)
        #expect(call.progress.execution == .none)
        #expect(CallEnd(call, throwing: LymphError(.stopped, "")).error?.execution == LymphError.Execution.none)
        // One of several attempts is enough.
        call.progress.giveUp(.number(3), lookingUp: "echo", mayHaveRun: true)
        call.progress.giveUp(.number(4), lookingUp: "echo", mayHaveRun: false)
        #expect(call.progress.execution == .unknown)
    }

    @Test("the error at shutdown says why, and whether the request may have been executed", arguments: Stage.allCases)
    func stopped(stage: Stage) {
        let why = LymphError(.bindFailure, "can't listen")
        let error = call(stage).stoppedError(why)
        let execution: LymphError.Execution = stage == .sent ? .unknown : .none
        #expect(error == LymphError(.stopped, "echo.upper: can't listen", execution: execution))
        #expect(error.cause as? LymphError == why)
    }

    @Test("the error for a lost connection names the peer")
    func connectionLost() {
        let error = call(.sent).connectionLostError()
        #expect(error.code == .connectionLost && error.execution == .unknown)
        #expect(error.message.contains("tcp://10.0.0.2:4100"))
    }

    @Test("only a request that was sent has a peer", arguments: Stage.allCases)
    func sentTo(stage: Stage) {
        #expect(call(stage).progress.sentTo == (stage == .sent ? .number(2) : nil))
    }

    @Test("peers that were asked count, but peers that were only tried don't", arguments: Stage.allCases)
    func asked(stage: Stage) {
        let call = call(.sent)
        call.progress.giveUp(.number(7), lookingUp: "echo", mayHaveRun: true)
        if case .lookingUp("echo") = call.progress.phase {} else { Issue.record("it looks for another") }
        set(stage, of: call)
        #expect((0..<9).filter { call.progress.isAsked(.number($0)) } == (stage == .sent ? [2, 7] : [7]))
    }

    @Test("an end says what is left at which peer", arguments: Stage.allCases)
    func remains(stage: Stage) {
        let end = CallEnd(call(stage), throwing: CancellationError())
        switch (stage, end.remains) {
        case (.waitingForStart, .nothing), (.lookingUp, .nothing), (.unregistered, .nothing), (.trying, .nothing): break
        case (.queued, .queued(let peer, _)): #expect(peer == .number(1))
        case (.sent, .sent(let peer, .abandoned)): #expect(peer == .number(2))
        default: Issue.record("\(end.remains)")
        }
        #expect(end.error == nil)
        #expect(throws: CancellationError.self) { try end.result.get() }
    }

    @Test("a call outside a trace is traced by its own id, each time it is sent")
    func trace() throws {
        let call = Call(.service("echo", nil), "echo.upper", [0x80], timeout: .seconds(1), now: start)
        call.id = 7
        for _ in 0..<2 { #expect(try call.request(version: nil, at: start).headers.trace == TraceID(7)) }
        let nested = Call(
            .service("echo", nil), "echo.upper", [0x80], trace: TraceID("abc"), timeout: .seconds(1), now: start)
        #expect(try nested.request(version: nil, at: start).headers.trace == TraceID("abc"))
    }

    @Test("a version is requested, except of the built-in interface")
    func request() throws {
        let call = Call(.service("echo", "1.0.0"), "echo.upper", [0x80], timeout: .seconds(1), now: start)
        #expect(try call.request(version: "1.2.0", at: start).version == "1.2.0")
        #expect(try call.request(version: nil, at: start).version == nil)
        let ping = Call(.service("echo", "1.0.0"), "lymph.ping", [0x80], timeout: .seconds(1), now: start)
        #expect(try ping.request(version: "1.2.0", at: start).version == nil)
    }
}
