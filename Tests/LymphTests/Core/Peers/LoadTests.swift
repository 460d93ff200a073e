import Testing
import ZeroMQ

@testable import Lymph

@Suite("Load of an instance")
struct LoadTests {
    private let start = Instant.now

    private func at(_ seconds: Double) -> Instant { start + .seconds(seconds) }

    private func load(_ outcomes: Load.Outcome..., at seconds: Double = 0) -> Load {
        var load = Load()
        for outcome in outcomes {
            load.begin(at: at(seconds))
            load.end(outcome, at: at(seconds))
        }
        return load
    }

    /// An instance that has answered often enough to be judged.
    private func known(_ time: Duration, at seconds: Double = 0) -> Load {
        var load = Load()
        for _ in 0..<9 {
            load.begin(at: at(seconds))
            load.end(.answered(time), at: at(seconds))
        }
        return load
    }

    @Test("of two equally fast instances, the one with less to do is better")
    func outstanding() {
        var (busy, idle) = (known(.milliseconds(10)), known(.milliseconds(15)))
        #expect(!busy.isBetter(than: idle, at: at(0)))
        #expect(!idle.isBetter(than: busy, at: at(0)))
        busy.begin(at: at(0))
        #expect(idle.isBetter(than: busy, at: at(0)))
        idle.begin(at: at(0))
        idle.begin(at: at(0))
        #expect(busy.isBetter(than: idle, at: at(0)))
        #expect(busy.outstanding == 1)
    }

    @Test("a much slower instance gets a call only when the others are proportionally busier")
    func slow() {
        let slow = known(.milliseconds(100))
        var fast = known(.milliseconds(10))
        for _ in 0..<9 {
            #expect(fast.isBetter(than: slow, at: at(0)))
            fast.begin(at: at(0))
        }
        fast.begin(at: at(0))
        #expect(slow.isBetter(than: fast, at: at(0)))
    }

    @Test("latency follows the measurements, and fades so that a slow instance gets another chance")
    func latency() {
        var slow = known(.milliseconds(100))
        let fast = known(.milliseconds(10), at: 60)
        #expect(slow.isBetter(than: fast, at: at(60)))
        for second in 0..<60 {
            slow.begin(at: at(Double(second)))
            slow.end(.answered(.milliseconds(100)), at: at(Double(second)))
        }
        #expect(fast.isBetter(than: slow, at: at(60)))
    }

    @Test("a few slow first answers don't count against an instance")
    func firstAnswers() {
        let fast = known(.milliseconds(1))
        var new = load(.answered(.milliseconds(43)))
        #expect(!fast.isBetter(than: new, at: at(0)))
        for _ in 0..<8 {
            new.begin(at: at(0))
            new.end(.answered(.milliseconds(1)), at: at(0))
            #expect(!fast.isBetter(than: new, at: at(0)))
        }
        var slow = load(.answered(.milliseconds(1)))
        for number in 0..<8 {
            #expect(!fast.isBetter(than: slow, at: at(0)), "\(number)")
            slow.begin(at: at(0))
            slow.end(.answered(.milliseconds(43)), at: at(0))
        }
        #expect(fast.isBetter(than: slow, at: at(0)))
    }

    @Test("five calls in a row without an answer are too many")
    func missing() {
        var load = load(.missing, .missing, .missing, .missing)
        #expect(!load.isSittingOut(at: at(0)))
        load.begin(at: at(0))
        load.end(.answered(.zero), at: at(0))
        for _ in 0..<5 {
            #expect(!load.isSittingOut(at: at(0)))
            load.begin(at: at(0))
            load.end(.missing, at: at(0))
        }
        #expect(load.isSittingOut(at: at(0.99)))
        #expect(!load.isSittingOut(at: at(1)))
    }

    @Test("after sitting out, one trial call ends the pause or makes the next one longer")
    func trial() {
        var load = load(.missing, .missing, .missing, .missing, .missing)
        load.begin(at: at(1))
        #expect(load.isSittingOut(at: at(1)))
        load.end(.missing, at: at(1.5))
        #expect(load.isSittingOut(at: at(3.4)))
        #expect(!load.isSittingOut(at: at(3.5)))
        load.begin(at: at(4))
        #expect(load.isSittingOut(at: at(4)))
        load.end(.answered(.zero), at: at(4.1))
        #expect(!load.isSittingOut(at: at(4.1)))
        load.begin(at: at(4.2))
        #expect(!load.isSittingOut(at: at(4.2)))
    }

    @Test("failing half of the calls is too much, failing a few is not")
    func rate() {
        var load = Load()
        for number in 0..<200 {
            load.begin(at: at(0))
            load.end(number % 3 == 0 ? .failed(.zero) : .answered(.zero), at: at(0))
            #expect(!load.isSittingOut(at: at(0)))
        }
        for _ in 0..<20 {
            load.begin(at: at(0))
            load.end(.failed(.zero), at: at(0))
        }
        #expect(load.isSittingOut(at: at(0.5)))
    }

    @Test("an overloaded instance sits out at once, longer each time; a stopping one for good")
    func refusals() {
        var load = load(.overloaded)
        #expect(load.isSittingOut(at: at(0.04)))
        #expect(!load.isSittingOut(at: at(0.05)))
        load.begin(at: at(0.05))
        load.end(.overloaded, at: at(0.05))
        #expect(load.isSittingOut(at: at(0.14)))
        #expect(!load.isSittingOut(at: at(0.15)))
        let stopping = self.load(.draining)
        #expect(stopping.isSittingOut(at: at(9)))
    }

    @Test("an abandoned call counts neither way")
    func abandoned() {
        var load = load(.missing, .missing, .missing, .missing, .abandoned, .abandoned, .abandoned)
        #expect(!load.isSittingOut(at: at(0)))
        #expect(load.outstanding == 0)
        load.begin(at: at(0))
        load.end(.missing, at: at(0))
        #expect(load.isSittingOut(at: at(0)))
    }

    @Test("concurrent calls that fail together make it sit out only once")
    func together() {
        var load = Load()
        for _ in 0..<10 { load.begin(at: at(0)) }
        for number in 0..<10 { load.end(.missing, at: at(0.1 + Double(number) / 1000)) }
        #expect(load.isSittingOut(at: at(1)))
        #expect(!load.isSittingOut(at: at(1.2)))
        var busy = Load()
        for _ in 0..<6 { busy.begin(at: at(0)) }
        for _ in 0..<6 { busy.end(.overloaded, at: at(0)) }
        #expect(busy.isSittingOut(at: at(0.04)))
        #expect(!busy.isSittingOut(at: at(0.05)))
        // The next is a trial.
        busy.begin(at: at(0.05))
        busy.end(.overloaded, at: at(0.06))
        #expect(busy.isSittingOut(at: at(0.15)))
        #expect(!busy.isSittingOut(at: at(0.16)))
    }
}
