import Testing
import ZeroMQ

@Suite("Timers")
struct TimersTests {
    private let start = Instant.now

    @Test("items are due at their time, and only once")
    func due() {
        var timers = Timers<String>()
        #expect(timers.next == nil)
        #expect(timers.takeDue(at: start) == [])
        timers.add("b", at: start + .seconds(2))
        timers.add("a", at: start + .seconds(1))
        timers.add("c", at: start + .seconds(3))
        #expect(timers.next == start + .seconds(1))
        #expect(timers.takeDue(at: start + .milliseconds(999)) == [])
        #expect(timers.takeDue(at: start + .seconds(2)) == ["a", "b"])
        #expect(timers.next == start + .seconds(3))
        #expect(timers.takeDue(at: start + .seconds(2)) == [])
        #expect(timers.takeDue(at: start + .seconds(9)) == ["c"])
        #expect(timers.next == nil)
    }

    @Test("items with the same time come in the order of insertion")
    func order() {
        var timers = Timers<Int>()
        for number in 0..<100 { timers.add(number, at: start + .seconds(number % 3)) }
        let expected = (0..<3).flatMap { rest in (0..<100).filter { $0 % 3 == rest } }
        #expect(timers.takeDue(at: start + .seconds(3)) == expected)
    }

    @Test("items with any times come out in order", arguments: 0..<20)
    func random(seed: UInt64) {
        var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var timers = Timers<Duration>()
        var all: [Duration] = []
        for _ in 0..<200 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let time = Duration.milliseconds(Int64(random >> 33) % 50)
            timers.add(time, at: start + time)
            all.append(time)
        }
        all.sort()
        for step in 0..<50 {
            let now = Duration.milliseconds(step)
            #expect(timers.takeDue(at: start + now) == all.filter { $0 == now })
        }
        #expect(timers.next == nil)
    }

    @Test("all items can be dropped")
    func removeAll() {
        var timers = Timers<Int>()
        timers.add(1, at: start)
        timers.removeAll()
        #expect(timers.takeDue(at: start) == [])
    }
}
