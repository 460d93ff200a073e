import Testing

@testable import ZeroMQ

@Suite("Moments")
struct InstantTests {
    private let start = Instant.now

    @Test("time passes as on the standard library's clock")
    func now() {
        let (before, mine) = (ContinuousClock.now, Instant.now)
        var (after, then) = (ContinuousClock.now, Instant.now)
        while after - before < .milliseconds(20) { (after, then) = (ContinuousClock.now, Instant.now) }
        #expect(then > mine)
        // The interval between two readings of one clock lies within that of the other clock around them.
        #expect(then - mine >= after - before - .milliseconds(10))
        #expect(then - mine < .seconds(60))
    }

    @Test("a wait ends just after its time, lasts a minute at most, and has no limit without a time")
    func waits() {
        #expect(start.milliseconds(until: nil) == -1)
        #expect(start.milliseconds(until: start) == 0)
        #expect(start.milliseconds(until: start + .seconds(-5)) == 0)
        #expect(start.milliseconds(until: start + .nanoseconds(1)) == 1)
        #expect(start.milliseconds(until: start + .microseconds(1500)) == 2)
        #expect((60_000...61_000).contains(start.milliseconds(until: start + .seconds(100_000))))
    }

    @Test(
        "a duration can be added and subtracted",
        arguments: [.zero, .nanoseconds(1), .milliseconds(1500), .seconds(86_400 * 365), .seconds(-3)] as [Duration])
    func arithmetic(step: Duration) {
        let then = start + step
        #expect(then - start == step)
        #expect(start - then == .zero - step)
        #expect(then + (.zero - step) == start)
        #expect((then > start) == (step > .zero))
        #expect((then == start) == (step == .zero))
        #expect(start.advanced(by: step) == then)
        #expect(start.duration(to: then) == step)
        #expect(abs(then.seconds(since: start) - step / .seconds(1)) < 1e-6)
    }

    @Test("fractions of a nanosecond are ignored")
    func precision() {
        #expect(start + Duration(secondsComponent: 0, attosecondsComponent: 999_999_999) == start)
        #expect(
            start + Duration(secondsComponent: 1, attosecondsComponent: 1_999_999_999) - start
                == .seconds(1) + .nanoseconds(1))
    }

    @Test("arithmetic stops at the first and last moments")
    func limits() {
        let last = start + .seconds(Int64.max)
        #expect(last > start + .seconds(86_400 * 365 * 100))
        #expect(last + .seconds(1) == last)
        let first = start + .seconds(-Int64.max)
        #expect(first < start + .seconds(-86_400 * 365 * 100))
        #expect(first + .seconds(-Int64.max) + .seconds(-1) == first + .seconds(-Int64.max))
        #expect(start + Duration(secondsComponent: .min, attosecondsComponent: 0) == first)
    }
}
