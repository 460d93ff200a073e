import MessagePack
import Testing

@testable import Lymph

@Suite("Calls, from their beginning to their end")
struct CallsTests {
    /// How far a call comes.
    enum Stage: CaseIterable { case waitingForStart, lookingUp, waitingForInstance, queued, sent }

    /// A bench with a call at a stage, to a peer with the number 1.
    private func bench(_ stage: Stage) -> (CallBench, Call) {
        let bench = CallBench(isOpen: stage != .waitingForStart)
        switch stage {
        case .waitingForStart, .lookingUp: break
        case .waitingForInstance: bench.list([])
        case .queued: bench.list(1)
        case .sent:
            bench.list(1)
            bench.connect(1)
        }
        let call = bench.begin(timeout: 2, waits: true)
        return (bench, call)
    }

    private func expect(_ stage: Stage, of call: Call, in bench: CallBench) {
        #expect(bench.end(of: call) == nil)
        #expect(bench.lookups == (stage == .lookingUp ? ["echo"] : []))
        #expect(bench.waits(of: call).isEmpty == (stage != .queued))
        #expect(bench.outstanding(1) == (stage == .sent ? 1 : 0))
        #expect(bench.peers.isFree(.dial(.number(1))) == (stage != .queued))
    }

    // MARK: Ending

    @Test(
        "a deadline ends a call at every stage, and the error names the stage",
        arguments: [
            (
                .waitingForStart, .stopped, .none,
                "echo.upper: the client did not run within 2.0 seconds; is its run() called?"
            ),
            (.lookingUp, .lookupFailure, .none, "echo.upper: the registry did not find echo within 2.0 seconds"),
            (
                .waitingForInstance, .lookupFailure, .none,
                "echo.upper: the registry did not find echo within 2.0 seconds"
            ),
            (
                .queued, .notConnected, .none,
                "echo.upper: no connection to tcp://10.0.0.1:4100 within 2.0 seconds; the request was not sent"
            ),
            (.sent, .timeout, .unknown, "echo.upper: no answer from tcp://10.0.0.1:4100 within 2.0 seconds"),
        ] as [(Stage, LymphError.Code, LymphError.Execution, String)])
    func deadline(stage: Stage, code: LymphError.Code, execution: LymphError.Execution, message: String) {
        let (bench, call) = bench(stage)
        expect(stage, of: call, in: bench)
        #expect(bench.calls.nextDeadline == call.deadline)
        bench.advance(to: 1.99)
        #expect(bench.end(of: call) == nil)
        bench.advance(to: 2)
        #expect(bench.error(of: call) == LymphError(code, message, execution: execution))
        #expect(bench.isClean())
    }

    @Test("a call can be cancelled at every stage, and leaves nothing behind", arguments: Stage.allCases)
    func cancel(stage: Stage) throws {
        let (bench, call) = bench(stage)
        expect(stage, of: call, in: bench)
        bench.cancel(call)
        #expect(bench.end(of: call) == "cancelled")
        switch (stage, try #require(bench.ends[ObjectIdentifier(call)]?.first).remains) {
        case (.queued, .queued(let peer, _)), (.sent, .sent(let peer, .abandoned)): #expect(peer == .number(1))
        case (.waitingForStart, .nothing), (.lookingUp, .nothing), (.waitingForInstance, .nothing): break
        case (_, let remains): Issue.record("\(remains)")
        }
        #expect(bench.isClean())
        // Later events find no call.
        bench.cancel(call)
        #expect(bench.answer(call, from: 1) == "unknown")
        bench.openCalls()
        bench.list(1)
        bench.connect(1)
        bench.advance(to: 3)
        #expect(bench.end(of: call) == "cancelled")
        #expect(bench.peers(of: call).count == (stage == .sent ? 1 : 0))
    }

    @Test("a shutdown ends a call at every stage", arguments: Stage.allCases)
    func stop(stage: Stage) {
        let (bench, call) = bench(stage)
        bench.stop(LymphError(.bindFailure, "can't listen"))
        let execution: LymphError.Execution = stage == .sent ? .unknown : .none
        #expect(bench.error(of: call) == LymphError(.stopped, "echo.upper: can't listen", execution: execution))
        #expect(bench.isClean())
    }

    @Test("after a shutdown, calls end at once")
    func afterwards() {
        let bench = CallBench()
        bench.list(1)
        bench.connect(1)
        bench.stop(LymphError(.stopped, "over"))
        let call = bench.begin()
        #expect(bench.error(of: call) == LymphError(.stopped, "echo.upper: over"))
        #expect(bench.attempts == [] && bench.lookups == [])
        #expect(call.id == 0)
        bench.cancel(call)
        bench.stop(LymphError(.stopped, "again"))
        #expect(bench.end(of: call) == "stopped")
        #expect(bench.isClean())
    }

    @Test("an answer ends a call only once")
    func answer() {
        let (bench, call) = bench(.sent)
        #expect(bench.answer(call, from: 1) == "end")
        #expect(bench.answer(call, from: 1) == "unknown")
        bench.advance(to: 3)
        bench.stop(LymphError(.stopped, "over"))
        #expect(bench.end(of: call) == "reply")
        #expect(bench.isClean())
    }

    @Test("an answer from another peer ends nothing", arguments: Stage.allCases)
    func strangers(stage: Stage) {
        let (bench, call) = bench(stage)
        #expect(bench.answer(call, from: 2) == "wrong peer")
        if stage != .sent { #expect(bench.answer(call, from: 1) == "wrong peer") }
        #expect(bench.answer(call.id + 1 << 32, from: .number(1)) == "unknown")
        #expect(bench.answer(0, from: .number(1)) == "unknown")
        expect(stage, of: call, in: bench)
    }

    // MARK: Beginning

    @Test("calls made before the start wait, and begin in order")
    func open() {
        let bench = CallBench(isOpen: false)
        let calls = (0..<5).map { bench.begin(.endpoint(.number($0 % 2))) }
        let named = bench.begin()
        #expect(bench.attempts == [] && bench.lookups == [])
        #expect(bench.calls.count == 6)
        bench.cancel(calls[1])
        bench.openCalls()
        #expect(bench.queued.map(\.id) == [0, 2, 3, 4].map { calls[$0].id })
        #expect(bench.lookups == ["echo"])
        let later = bench.begin(.endpoint(.number(1)))
        #expect(bench.waits(of: later) == [.number(1)])
        bench.cancel(named)
    }

    @Test("headers that can't be sent end the call")
    func headers() {
        let bench = CallBench()
        let options = CallOptions(headers: ["__type__": 1])
        let call = Call(
            .endpoint(.number(1)), "a.b", [0x80], timeout: .seconds(1), options: options, now: bench.now)
        bench.begin(call)
        #expect(bench.error(of: call)?.code == .invalidRequest)
        #expect(bench.isClean())
    }

    // MARK: Services

    @Test("the registry is asked once for all waiting calls; those that end meanwhile are forgotten")
    func lookup() {
        let bench = CallBench()
        let calls = (0..<5).map { _ in bench.begin() }
        let other = bench.begin(.service("other", nil))
        #expect(bench.lookups == ["echo", "other"])
        bench.cancel(calls[2])
        bench.connect(1)
        bench.list(1)
        #expect(bench.sent.map(\.id) == [0, 1, 3, 4].map { calls[$0].id })
        #expect(bench.end(of: other) == nil && bench.peers(of: other) == [])
        // The next call needs no look-up, and a new list sends nothing twice.
        #expect(bench.next() == [.number(1)])
        bench.list(1)
        #expect(bench.sent.count == 5)
        bench.list(1, 2)
        #expect(bench.newInstances.map(\.id) == ["1", "2"])
        #expect(bench.lookups.count == 2)
    }

    @Test("a failed look-up ends the calls that wait for it, and the next call asks again")
    func lookupFails() {
        let bench = CallBench()
        let call = bench.begin(waits: true)
        let other = bench.begin(.service("other", nil))
        #expect(bench.lookupFailed(mayCome: false) == false)
        #expect(bench.error(of: call) == LymphError(.lookupFailure, "not there"))
        #expect(bench.end(of: other) == nil)
        let next = bench.begin()
        #expect(bench.lookups == ["echo", "other", "echo"])
        #expect(bench.end(of: next) == nil)
        #expect(bench.lookupFailed("third", mayCome: true) == false)
    }

    @Test("calls that may wait do so if the service may still come, without another look-up")
    func mayCome() {
        let bench = CallBench()
        let patient = bench.begin(waits: true)
        let call = bench.begin()
        #expect(bench.lookupFailed(mayCome: true) == true)
        #expect(bench.end(of: patient) == nil)
        #expect(bench.end(of: call) == "lookupFailure")
        let next = bench.begin()
        #expect(bench.lookups == ["echo"])
        bench.connect(1)
        bench.list(1)
        for call in [patient, next] { #expect(bench.peers(of: call) == [.number(1)]) }
        // When nobody waits, it is looked up again.
        #expect(bench.lookupFailed(mayCome: true) == false)
        _ = bench.begin()
        #expect(bench.lookups == ["echo", "echo"])
    }

    @Test("forgetting a service does not affect calls that were sent")
    func forgotten() {
        let (bench, call) = bench(.sent)
        #expect(bench.lookupFailed(mayCome: true) == false)
        #expect(bench.end(of: call) == nil)
        // It may go to another instance, but none is known, so it is looked up.
        #expect(bench.answer(call, .draining, from: 1) == "retry")
        #expect(bench.lookups == ["echo"])
        bench.list(1, 2)
        bench.connect(2)
        #expect(bench.peers(of: call) == [.number(1), .number(2)])
    }

    @Test("a call waits for the first instance if it may, and fails at once otherwise")
    func nobody() {
        let bench = CallBench()
        bench.list([])
        let call = bench.begin()
        #expect(bench.error(of: call) == LymphError(.notConnected, "echo.upper: no instance of echo is running"))
        let patient = bench.begin(.service("echo", "2.0.0"), waits: true)
        bench.list([.number(1, "1.0.0")])
        bench.connect(1, 2)
        #expect(bench.peers(of: patient) == [])
        bench.list([.number(1, "1.0.0"), .number(2, "2.1.0")])
        #expect(bench.peers(of: patient) == [.number(2)])
        #expect(bench.lookups == [])
    }
}
