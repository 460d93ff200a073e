import Testing
import ZeroMQ

@testable import Lymph

@Suite("Hedged calls")
struct HedgingTests {
    private static let delay = Hedging.after(.milliseconds(50))

    /// A bench with instances that are connected.
    private func bench(_ count: Int = 2, seed: UInt64 = 1) -> CallBench {
        let bench = CallBench(seed: seed)
        bench.list((1...count).map { .number($0) })
        for number in 1...count { bench.connect(number) }
        return bench
    }

    /// A call and the two instances that it is in flight to.
    private func hedged(
        _ bench: CallBench, timeout: Double = 100
    ) throws -> (call: Call, first: Endpoint, second: Endpoint) {
        let call = bench.begin(timeout: timeout, idempotent: true, hedge: Self.delay)
        bench.advance(by: 0.05)
        return (call, try #require(bench.peers(of: call).first), try #require(bench.hedge(of: call)))
    }

    @Test("a call that is not answered in time is sent to another instance, whose answer counts")
    func second() throws {
        let bench = bench()
        let call = bench.begin(idempotent: true, hedge: Self.delay)
        bench.advance(by: 0.049)
        #expect(bench.hedge(of: call) == nil)
        bench.advance(by: 0.001)
        let (first, second) = (try #require(bench.peers(of: call).first), try #require(bench.hedge(of: call)))
        #expect(first != second)
        #expect([first, second].allSatisfy { bench.peers.outstanding(at: $0) == 1 })
        #expect(bench.answer(call.id, from: second) == "end")
        #expect(bench.end(of: call) == "reply")
        // The first one was slow, and is still at it.
        #expect(bench.remains(of: call) == "\(Load.Outcome.outrun(.milliseconds(50)))")
        #expect(bench.workers(of: call) == [first])
        #expect(bench.answer(call.id, from: first) == "unknown")
        #expect(bench.isClean())
    }

    @Test("the answer of the first instance counts as well")
    func first() throws {
        let bench = bench()
        let (call, first, second) = try hedged(bench)
        #expect(bench.answer(call.id, from: first) == "end")
        #expect(bench.remains(of: call)?.hasPrefix("answered") == true)
        #expect(bench.workers(of: call) == [second])
        #expect(bench.answer(call.id, from: second) == "unknown")
        #expect(bench.isClean())
    }

    @Test("a hedged call ends once, and leaves nothing", arguments: ["cancelled", "timeout", "stopped"])
    func ends(_ way: String) throws {
        let bench = bench()
        let (call, first, second) = try hedged(bench, timeout: 2)
        switch way {
        case "cancelled": bench.cancel(call)
        case "timeout": bench.advance(by: 2)
        default: bench.stop(LymphError(.stopped, "enough"))
        }
        #expect(bench.end(of: call) == way)
        if way == "timeout" {
            #expect(bench.error(of: call)?.message.contains("no answer from \(first) or \(second) within") == true)
        }
        #expect(bench.error(of: call).map { $0.execution == .unknown } ?? (way == "cancelled"))
        #expect(bench.workers(of: call) == [first, second])
        #expect(bench.isClean())
    }

    @Test("one instance, a peer's address, a method that isn't idempotent, or no wish for it: no hedge")
    func never() {
        for (count, idempotent, hedge) in [
            (1, true, Self.delay), (2, false, Self.delay), (2, true, nil), (2, true, .never),
            (2, true, .afterPercentile(95)),
        ] as [(Int, Bool, Hedging?)] {
            let bench = bench(count)
            let call = bench.begin(idempotent: idempotent, hedge: hedge)
            bench.advance(by: 50)
            #expect(bench.hedge(of: call) == nil)
            bench.answer(call.id, from: bench.peers(of: call)[0])
            #expect(bench.isClean())
        }
        let bench = bench()
        let call = bench.begin(.endpoint(.number(1)), idempotent: true, hedge: Self.delay)
        bench.advance(by: 2)
        #expect(bench.hedge(of: call) == nil)
    }

    @Test("an instance without a connection gets no hedge")
    func unconnected() {
        let bench = bench()
        let call = bench.begin(idempotent: true, hedge: Self.delay)
        bench.disconnect(bench.peers(of: call)[0] == .number(1) ? 2 : 1)
        bench.advance(by: 2)
        #expect(bench.hedge(of: call) == nil)
    }

    @Test("an instance that accepts nothing at the moment gets no hedge, and the call waits on")
    func clogged() {
        let bench = bench()
        let call = bench.begin(idempotent: true, hedge: Self.delay)
        bench.clog(bench.peers(of: call)[0] == .number(1) ? 2 : 1)
        bench.advance(by: 0.05)
        #expect(bench.hedge(of: call) == nil)
        #expect(bench.answer(call.id, from: bench.peers(of: call)[0]) == "end")
        #expect(bench.isClean())
    }

    // MARK: Refusals and losses

    @Test("if one of the two refuses the call, the other one goes on alone", arguments: [true, false])
    func refused(_ isFirst: Bool) throws {
        let bench = bench(3)
        let (call, first, second) = try hedged(bench)
        let (refusing, other) = isFirst ? (first, second) : (second, first)
        #expect(bench.answer(call.id, .draining, from: refusing) == "go on")
        #expect(bench.peers.outstanding(at: refusing) == 0)
        #expect(bench.retries.isEmpty)
        #expect(bench.answer(call.id, from: other) == "end")
        #expect(bench.remains(of: call)?.hasPrefix("answered") == true)
        #expect(bench.workers(of: call) == [])
        #expect(bench.isClean())
    }

    @Test("if both refuse it, a third one is asked, and at last the refusal is the answer")
    func bothRefuse() throws {
        let bench = bench(3)
        let (call, first, second) = try hedged(bench)
        #expect(bench.answer(call.id, .overloaded, from: first) == "go on")
        #expect(bench.answer(call.id, .overloaded, from: second) == "retry")
        let third = try #require(bench.peers(of: call).last)
        #expect(Set([first, second, third]).count == 3)
        #expect(bench.answer(call.id, .overloaded, from: third) == "end")
        #expect(bench.end(of: call) == "nack")
        #expect(bench.isClean())
    }

    @Test(
        "an instance that is gone leaves the call to the other one, and may have executed it", arguments: [true, false])
    func gone(_ isFirst: Bool) throws {
        let bench = bench()
        let (call, first, second) = try hedged(bench)
        let (gone, other) = isFirst ? (first, second) : (second, first)
        bench.disconnect(gone == .number(1) ? 1 : 2)
        bench.refuse(gone == .number(1) ? 1 : 2)
        #expect(bench.end(of: call) == nil)
        #expect(bench.peers.outstanding(at: gone) == 0)
        #expect(bench.answer(call.id, .rejected, from: other) == "end")
        #expect(bench.workers(of: call) == [gone])
        #expect(bench.isClean())
    }

    @Test("an instance that another process has replaced leaves the call to the other one", arguments: [true, false])
    func replaced(_ isFirst: Bool) throws {
        let bench = bench()
        let (call, first, second) = try hedged(bench)
        let (gone, other) = isFirst ? (first, second) : (second, first)
        let number = gone == .number(1) ? 1 : 2
        bench.disconnect(number)
        bench.advance(by: 0.02)
        bench.connect(number)
        bench.ping(number)
        bench.pong(number, age: 0)
        #expect(bench.peers.outstanding(at: gone) == 0)
        #expect(bench.answer(call.id, from: other) == "end")
        #expect(bench.isClean())
    }

    @Test("after a refusal because of overload there are no hedges for five seconds", arguments: [true, false])
    func overload(_ isFirst: Bool) throws {
        let bench = bench(4)
        let (call, first, second) = try hedged(bench)
        #expect(bench.answer(call.id, .overloaded, from: isFirst ? first : second) == "go on")
        bench.answer(call.id, from: isFirst ? second : first)
        bench.fillBudget()
        bench.advance(by: 2.4)
        let during = bench.begin(idempotent: true, hedge: Self.delay)
        bench.advance(by: 2.4)
        #expect(bench.hedge(of: during) == nil)
        bench.answer(during.id, from: bench.peers(of: during)[0])
        bench.hear(1, 2, 3, 4)
        bench.advance(by: 0.2)
        let later = bench.begin(idempotent: true, hedge: Self.delay)
        bench.advance(by: 0.05)
        #expect(bench.hedge(of: later) != nil)
    }

    // MARK: How many, and when

    @Test("hedges are two percent of the calls, and the calls that wait longest get them")
    func budget() {
        let bench = bench()
        let slow = (0..<2).map { _ in bench.begin(idempotent: true, hedge: Self.delay) }
        bench.advance(by: 0.05)
        #expect(bench.hedges.map(\.id) == [slow[0].id])
        // The last one is for those that have waited a little longer.
        bench.advance(by: 0.0125)
        #expect(bench.hedges.map(\.id) == slow.map(\.id))
        let patient = bench.begin(idempotent: true, hedge: Self.delay)
        bench.advance(by: 1)
        #expect(bench.hedge(of: patient) == nil)
        for _ in 0..<1000 {
            let call = bench.begin(idempotent: true, hedge: Self.delay)
            bench.advance(by: 0.04)
            bench.hear(1, 2)
            bench.answer(call.id, from: bench.peers(of: call)[0])
        }
        #expect(bench.hedge(of: patient) != nil)
        let calls = (0..<1000).map { _ in
            let call = bench.begin(idempotent: true, hedge: Self.delay)
            bench.advance(by: 0.1)
            bench.hear(1, 2)
            bench.answer(call.id, from: bench.peers(of: call)[0])
            return call
        }
        // A thousand calls allow twenty hedges, beside the ten that were saved before.
        #expect((28...31).contains(calls.count { bench.hedge(of: $0) != nil }))
    }

    @Test("a delay that is not positive means at once, and one without end never", arguments: [-1, 0, Int64.max])
    func extremes(_ seconds: Int64) {
        let bench = bench()
        let call = bench.begin(idempotent: true, hedge: .after(.seconds(seconds)))
        bench.advance(by: 2)
        #expect((bench.hedge(of: call) != nil) == (seconds <= 0))
        bench.cancel(call)
        #expect(bench.isClean())
    }

    @Test("with a percentile, calls wait for as long as most calls of the method take")
    func percentile() {
        let bench = bench()
        func call(_ method: String, taking seconds: Double) -> Call {
            let call = bench.begin(method: method, idempotent: true, hedge: .afterPercentile(95))
            bench.advance(by: seconds)
            bench.answer(call.id, from: bench.peers(of: call)[0])
            return call
        }
        for _ in 0..<RunningQuantile.fewestSamples { _ = call("echo.fast", taking: 0.01) }
        #expect(bench.hedge(of: call("echo.fast", taking: 0.009)) == nil)
        #expect(bench.hedge(of: call("echo.fast", taking: 0.1)) != nil)
        // Each method has its own.
        #expect(bench.hedge(of: call("echo.slow", taking: 0.1)) == nil)
    }

    @Test("a call that a hedge has answered counts as a slow one of its method")
    func outrun() throws {
        let bench = bench()
        bench.fillBudget()
        func begin() -> Call { bench.begin(idempotent: true, hedge: .afterPercentile(95)) }
        for _ in 0..<RunningQuantile.fewestSamples {
            let call = begin()
            bench.advance(by: 0.01)
            bench.answer(call.id, from: bench.peers(of: call)[0])
        }
        for _ in 0..<8 {
            let call = begin()
            bench.advance(by: 0.05)
            bench.answer(call.id, from: try #require(bench.hedge(of: call)))
        }
        let call = begin()
        bench.advance(by: 0.011)
        #expect(bench.hedge(of: call) == nil)
        bench.advance(by: 0.05)
        #expect(bench.hedge(of: call) != nil)
    }

    // MARK: What instances say of their methods

    @Test("a caller that doesn't say whether a method is idempotent learns it from the instances")
    func learned() throws {
        let bench = bench()
        let call = bench.begin(idempotent: nil, hedge: Self.delay)
        bench.advance(by: 0.05)
        #expect(bench.hedge(of: call) == nil)
        #expect(Set(bench.inspected) == [.number(1), .number(2)])
        bench.learn(["echo.upper"], of: 1)
        bench.advance(by: 0.1)
        #expect(bench.hedge(of: call) == nil)
        bench.learn(["echo.upper"], of: 2)
        bench.advance(by: 0.1)
        #expect(bench.hedge(of: call) != nil)
        #expect(bench.inspected.count == 2)
    }

    @Test("the method has to be idempotent on both instances", arguments: [1, 2])
    func mixed(_ other: Int) {
        let bench = bench()
        let call = bench.begin(idempotent: nil, hedge: Self.delay)
        bench.advance(by: 0.05)
        bench.learn(["echo.upper"], of: 3 - other)
        bench.learn(["echo.lower"], of: other)
        bench.advance(by: 10)
        #expect(bench.hedge(of: call) == nil)
    }

    @Test("calls that don't hedge ask nobody and rely on nothing")
    func independent() {
        let bench = bench()
        let call = bench.begin(idempotent: nil)
        bench.advance(by: 2)
        #expect(bench.inspected.isEmpty)
        for number in 1...2 {
            #expect(bench.needIdempotentMethods(of: number))
            bench.learn(["echo.upper"], of: number)
        }
        bench.disconnect(bench.peers(of: call)[0] == .number(1) ? 1 : 2)
        bench.advance(by: 5)
        #expect(bench.end(of: call) == "connectionLost")
    }
}
