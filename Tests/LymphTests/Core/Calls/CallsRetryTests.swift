import Testing

@testable import Lymph

@Suite("Calls that are sent again")
struct CallsRetryTests {
    private static let both: Set<Endpoint> = [.number(1), .number(2)]

    /// A bench with instances that are connected.
    private func bench(_ count: Int = 2, seed: UInt64 = 1) -> CallBench {
        let bench = CallBench(seed: seed)
        bench.list((1...count).map { .number($0) })
        for number in 1...count { bench.connect(number) }
        return bench
    }

    private func last(_ call: Call, _ bench: CallBench) -> Endpoint { bench.peers(of: call).last ?? .number(0) }

    @Test(
        "a call that an overloaded or stopping peer refuses goes to another",
        arguments: [NackReason.overloaded, .draining])
    func refused(reason: NackReason) {
        let bench = bench()
        let call = bench.begin()
        let first = last(call, bench)
        #expect(bench.answer(call.id, reason, from: first) == "retry")
        #expect(Set(bench.peers(of: call)) == Self.both)
        #expect(bench.peers.outstanding(at: first) == 0)
        switch (bench.retries.first, reason) {
        case (.overloaded, .overloaded), (.draining, .draining): break
        default: Issue.record("\(bench.retries)")
        }
        #expect(bench.requests.map(\.callID) == [call.id, call.id])
        #expect(Set(bench.requests.map(\.headers.trace)).count == 1)
        // What remains of the first peer's refusal is that it sits out.
        #expect(bench.peers.isGood(first, at: bench.now) == false)
        #expect(bench.answer(call.id, from: last(call, bench)) == "end")
        #expect(bench.end(of: call) == "reply")
        #expect(bench.isClean())
    }

    @Test("no peer gets a call twice, and the last refusal is the answer")
    func never() {
        for seed in UInt64(0)..<20 {
            let bench = bench(5, seed: seed)
            let call = bench.begin()
            for turn in 0..<5 {
                #expect(bench.answer(call.id, .overloaded, from: last(call, bench)) == (turn < 4 ? "retry" : "end"))
            }
            #expect(bench.peers(of: call).count == 5)
            #expect(Set(bench.peers(of: call)).count == 5)
            #expect(bench.end(of: call) == "nack")
            #expect(bench.isClean())
        }
    }

    @Test(
        "other refusals are final answers",
        arguments: [NackReason.rejected, .failed, .expired, .unauthorized, NackReason("quota")])
    func answers(reason: NackReason) {
        let bench = bench()
        let call = bench.begin()
        #expect(bench.answer(call.id, reason, from: last(call, bench)) == "end")
        #expect(bench.end(of: call) == "nack")
        #expect(bench.isClean())
    }

    @Test(
        "a peer is judged by the outcome of its calls, but not by the caller's own actions",
        arguments: [
            (nil, "answered"), (.failed, "failed"), (NackReason("quota"), "failed"), (.overloaded, "overloaded"),
            (.draining, "draining"), (.rejected, "abandoned"), (.expired, "abandoned"), (.unauthorized, "abandoned"),
        ] as [(NackReason?, String)])
    func outcomes(reason: NackReason?, expected: String) {
        let bench = bench(1)
        let call = bench.begin()
        bench.advance(to: 0.25)
        #expect(bench.answer(call, reason, from: 1) == "end")
        #expect(bench.remains(of: call)?.hasPrefix(expected) == true)
        if reason == nil { #expect(bench.remains(of: call) == "\(Load.Outcome.answered(.milliseconds(250)))") }
    }

    @Test("a missing answer counts against a peer, a short timeout doesn't")
    func missing() {
        let bench = bench(1)
        let (late, impatient) = (bench.begin(timeout: 1), bench.begin(timeout: 1))
        bench.cancel(impatient)
        bench.advance(to: 1)
        #expect(bench.remains(of: late) == "missing")
        #expect(bench.remains(of: impatient) == "abandoned")
    }

    @Test("a call to one peer is never sent twice")
    func endpoint() {
        let bench = bench()
        let call = bench.begin(.endpoint(.number(1)), idempotent: true)
        #expect(call.body.isEmpty)
        #expect(bench.answer(call, .overloaded, from: 1) == "end")
        let other = bench.begin(.endpoint(.number(1)), idempotent: true)
        bench.ping(1)
        bench.advance(to: 10)
        #expect(bench.peers(of: other) == [.number(1)])
        #expect(bench.end(of: other) == nil)
        let third = bench.begin()
        #expect(!third.body.isEmpty)
    }

    @Test("a refusal says that nothing ran only if no peer before may have run the call", arguments: [true, false])
    func executionOfRefused(isFirstSilent: Bool) throws {
        let bench = bench()
        let call = bench.begin(idempotent: true)
        let first = last(call, bench)
        if isFirstSilent { bench.advance(to: 4) } else { bench.answer(call.id, .overloaded, from: first) }
        #expect(Set(bench.peers(of: call)) == Self.both)
        #expect(bench.answer(call.id, .overloaded, from: last(call, bench)) == "end")
        let nack = try #require(try bench.result(of: call)?.get())
        #expect(nack.kind == .nack)
        #expect(call.refusalError(nack).execution == (isFirstSilent ? .unknown : .none))
    }

    @Test("a budget limits retries: when all refuse, calls end instead of being resent")
    func budget() {
        let bench = bench()
        var calls: [Call] = []
        for _ in 0..<100 {
            let call = bench.begin()
            calls.append(call)
            for _ in 0..<2 where bench.end(of: call) == nil {
                bench.answer(call.id, .overloaded, from: last(call, bench))
            }
        }
        #expect(calls.allSatisfy { bench.end(of: $0) == "nack" })
        // Ten initially, plus a fifth of the calls.
        #expect((29...30).contains(bench.retries.count))
        #expect(bench.isClean())
        bench.advance(to: 1)
        let call = bench.begin()
        #expect(bench.answer(call.id, .overloaded, from: last(call, bench)) == "retry")
    }

    @Test("a silent peer's call goes to another peer if it is idempotent", arguments: [true, false])
    func silent(isIdempotent: Bool) {
        let bench = bench(1)
        let call = bench.begin(idempotent: isIdempotent)
        bench.advance(to: 2.9)
        bench.list(1, 2)
        bench.connect(2)
        #expect(bench.peers(of: call).count == 1)
        bench.advance(to: 4)
        #expect(bench.peers(of: call) == (isIdempotent ? [.number(1), .number(2)] : [.number(1)]))
        #expect(bench.outstanding(1) == (isIdempotent ? 0 : 1))
        // Either peer may answer first.
        #expect(bench.answer(call, from: 1) == "end")
        #expect(bench.end(of: call) == "reply")
        #expect(bench.isClean())
    }

    @Test("when a peer is gone, its calls end or go to another", arguments: [true, false])
    func gone(isIdempotent: Bool) {
        let bench = bench()
        let call = bench.begin(idempotent: isIdempotent)
        let first = last(call, bench)
        bench.disconnect(first == .number(1) ? 1 : 2)
        bench.advance(to: 0.05)
        #expect(bench.peers(of: call).count == 1)
        bench.advance(to: 2.9)
        #expect(bench.peers(of: call).count == (isIdempotent ? 2 : 1))
        #expect(bench.end(of: call) == nil)
        bench.advance(to: 4)
        #expect(bench.end(of: call) == (isIdempotent ? nil : "connectionLost"))
        #expect(bench.error(of: call)?.execution == (isIdempotent ? nil : .unknown))
        #expect(bench.peers.outstanding(at: first) == 0)
    }

    @Test("when a peer is refused, its calls end or go to another at once", arguments: [true, false])
    func refused(isIdempotent: Bool) {
        let bench = bench()
        let call = bench.begin(idempotent: isIdempotent)
        let first = last(call, bench)
        bench.disconnect(first == .number(1) ? 1 : 2)
        #expect(bench.end(of: call) == nil)
        bench.refuse(first == .number(1) ? 1 : 2)
        #expect(bench.peers(of: call).count == (isIdempotent ? 2 : 1))
        #expect(bench.end(of: call) == (isIdempotent ? nil : "connectionLost"))
        #expect(bench.error(of: call)?.execution == (isIdempotent ? nil : .unknown))
        #expect(bench.remains(of: call) == (isIdempotent ? nil : "abandoned"))
        #expect(bench.peers.outstanding(at: first) == 0)
        // Later calls avoid it.
        for _ in 0..<10 { #expect(bench.next() != [first]) }
        // An answer that arrives nevertheless counts if the call waits.
        #expect(bench.answer(call.id, from: first) == (isIdempotent ? "end" : "unknown"))
    }

    @Test("an idempotent call has nowhere to go when the only peer is refused")
    func refusedAlone() {
        let bench = bench(1)
        let (idempotent, direct) = (bench.begin(idempotent: true), bench.begin(.endpoint(.number(1)), idempotent: true))
        bench.disconnect(1)
        let (waiting, patient) = (bench.begin(), bench.begin(waits: true))
        bench.refuse(1)
        #expect([idempotent, direct].map { bench.end(of: $0) } == ["connectionLost", "connectionLost"])
        #expect(bench.outstanding(1) == 0)
        // What was not sent waits for a successor, at most a second unless it may wait longer.
        #expect([waiting, patient].map { bench.end(of: $0) } == [nil, nil])
        bench.advance(to: 0.9)
        #expect([waiting, patient].map { bench.end(of: $0) } == [nil, nil])
        bench.advance(to: 1.5)
        #expect([waiting, patient].map { bench.end(of: $0) } == ["notConnected", nil])
        bench.connect(1)
        #expect(bench.peers(of: patient) == [.number(1)])
        #expect(bench.answer(patient, from: 1) == "end")
        #expect(bench.isClean())
    }

    @Test("a refused peer that is connected again gets calls at once, and keeps those it gets")
    func back() {
        let bench = bench(1)
        bench.disconnect(1)
        bench.refuse(1)
        bench.connect(1)
        let call = bench.begin()
        #expect(bench.peers(of: call) == [.number(1)])
        bench.disconnect(1)
        bench.advance(to: 2.9)
        #expect(bench.end(of: call) == nil)
        bench.advance(to: 4)
        #expect(bench.end(of: call) == "connectionLost")
    }

    /// A call to an instance whose connection was lost for a moment, with another one beside it.
    private func reconnected(isIdempotent: Bool) -> (bench: CallBench, call: Call) {
        let bench = bench(1)
        let call = bench.begin(idempotent: isIdempotent)
        bench.list(1, 2)
        bench.connect(2)
        bench.advance(to: 1)
        bench.disconnect(1)
        bench.advance(to: 1.05)
        bench.connect(1)
        return (bench, call)
    }

    @Test("calls that a successor can't have received end or go elsewhere, later ones stay", arguments: [true, false])
    func successor(isIdempotent: Bool) {
        let (bench, early) = reconnected(isIdempotent: isIdempotent)
        #expect(bench.asked == [.number(1)])
        bench.ping(1)
        let late = bench.begin(.endpoint(.number(1)))
        bench.advance(to: 1.06)
        #expect(bench.end(of: early) == nil)
        bench.pong(1, age: 0.04)
        #expect(bench.peers(of: early) == (isIdempotent ? [.number(1), .number(2)] : [.number(1)]))
        #expect(bench.end(of: early) == (isIdempotent ? nil : "connectionLost"))
        #expect(bench.error(of: early)?.execution == (isIdempotent ? nil : .unknown))
        #expect(bench.end(of: late) == nil)
        #expect(bench.outstanding(1) == 1)
        bench.ping(1)
        bench.pong(1, age: 0)
        #expect(bench.end(of: late) == nil)
        #expect(bench.answer(late, from: 1) == "end")
    }

    @Test("calls stay with the process that has them, and with one that doesn't tell its age", arguments: [1.05, nil])
    func sameProcess(age: Double?) {
        let (bench, call) = reconnected(isIdempotent: true)
        bench.ping(1)
        bench.pong(1, age: age)
        #expect(bench.peers(of: call) == [.number(1)])
        #expect(bench.answer(call, from: 1) == "end")
        #expect(bench.end(of: call) == "reply")
        #expect(bench.isClean())
    }

    @Test("a peer asked earlier may still answer, but its refusal does not affect the others")
    func late() {
        for isRefusal in [true, false] {
            let bench = bench(1)
            let call = bench.begin(idempotent: true)
            bench.list(1, 2)
            bench.connect(2)
            bench.advance(to: 4)
            #expect(bench.peers(of: call) == [.number(1), .number(2)])
            #expect(bench.answer(call, from: 3) == "wrong peer")
            #expect(bench.answer(call, isRefusal ? .overloaded : nil, from: 1) == (isRefusal ? "none" : "end"))
            #expect(bench.end(of: call) == (isRefusal ? nil : "reply"))
            #expect(bench.outstanding(2) == (isRefusal ? 1 : 0))
            // The last peer is not judged by it.
            #expect(bench.remains(of: call) == (isRefusal ? nil : "abandoned"))
            #expect(bench.answer(call, from: 2) == (isRefusal ? "end" : "unknown"))
            #expect(bench.end(of: call) == "reply")
            #expect(bench.answer(call, from: 2) == "unknown")
            #expect(bench.isClean())
        }
    }

    @Test("a late answer ends a call that now waits for another connection")
    func lateWhileWaiting() {
        let bench = bench(1)
        let call = bench.begin(idempotent: true)
        bench.advance(to: 2.9)
        bench.list(1, 2)
        bench.advance(to: 3.6)
        #expect(bench.waits(of: call).last == .number(2))
        #expect(bench.answer(call, from: 2) == "wrong peer")
        #expect(bench.answer(call, from: 1) == "end")
        #expect(bench.end(of: call) == "reply")
        #expect(bench.isClean())
    }

    @Test("a call that may have been executed stays unknown at whichever stage it ends")
    func execution() {
        for mayHaveRun in [true, false] {
            let bench = bench(1)
            let call = bench.begin(timeout: 5, idempotent: true, waits: true)
            if mayHaveRun {
                bench.advance(to: 2.9)
                bench.list(1, 2)
                bench.advance(to: 3.6)
            } else {
                bench.list(1, 2)
                #expect(bench.answer(call, .draining, from: 1) == "retry")
            }
            #expect(bench.waits(of: call).last == .number(2))
            bench.advance(to: 5)
            #expect(bench.error(of: call)?.code == .notConnected)
            #expect(bench.error(of: call)?.execution == (mayHaveRun ? .unknown : LymphError.Execution.none))
            #expect(bench.error(of: call)?.message.contains("not sent") == !mayHaveRun)
            #expect(bench.isClean())
        }
    }

    @Test("a call that may wait does so when all instances are stopping, whatever the budget")
    func allStop() {
        let bench = bench(1)
        for _ in 0..<200 { _ = bench.begin(waits: true) }
        for (id, peer) in bench.sent { #expect(bench.answer(id, .draining, from: peer) == "retry") }
        #expect(bench.sent.count == 200 && bench.retries.count == 200)
        #expect(bench.outstanding(1) == 0)
        let impatient = bench.begin()
        #expect(bench.answer(impatient, .draining, from: 1) == "end")
        bench.list(1, 2)
        bench.connect(2)
        bench.advance(to: 1)
        #expect(bench.outstanding(2) == 200)
    }
}
