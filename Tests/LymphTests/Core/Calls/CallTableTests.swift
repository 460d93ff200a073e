import Testing
import ZeroMQ

@testable import Lymph

@Suite("Calls that wait for their answer")
struct CallTableTests {
    private let start = Instant.now

    private func at(_ milliseconds: Int) -> Instant { start + .milliseconds(milliseconds) }

    private static func random() -> UInt128 { .random(in: (1 << 64)...UInt128.max) }

    @Test("an answer takes a call out only once")
    func take() {
        var calls = CallTable<String>()
        let id = calls.insert("a", random: 1 << 64, deadline: at(10))
        #expect(calls.count == 1)
        #expect(calls.count > 0)
        #expect(calls.ids() == [id])
        #expect(calls[id] == "a")
        #expect(calls[id + 1] == nil)
        #expect(calls.take(id + 1) == nil)
        #expect(calls.take(id) == "a")
        #expect(calls.take(id) == nil)
        #expect(calls[id] == nil)
        #expect(calls.count == 0)
        #expect(calls.takeAllExpired(now: at(10)) == [])
    }

    @Test("a made-up id finds nothing, whatever slot it names", arguments: [0, 1, 2, 77, .max] as [UInt32])
    func strangers(place: UInt32) {
        var calls = CallTable<String>()
        #expect(calls.take(UInt128(place)) == nil)
        let ids = ["a", "b", "c"].map { calls.insert($0, random: Self.random(), deadline: at(10)) }
        _ = calls.take(ids[1])
        let wrong = UInt128(UInt64.random(in: 1...1 << 31)) << 32 | UInt128(place)
        #expect(calls[wrong] == nil)
        #expect(calls.take(wrong) == nil)
        #expect(calls[ids[1]] == nil)
        #expect(calls.count == 2)
        // The slot is reused, the id is not.
        let next = calls.insert("d", random: Self.random(), deadline: at(10))
        #expect(UInt32(truncatingIfNeeded: next) == UInt32(truncatingIfNeeded: ids[1]))
        #expect(calls.take(ids[1]) == nil)
        #expect(calls.take(next) == "d")
    }

    @Test("the random part of an id is kept")
    func randomPart() {
        var calls = CallTable<Int>()
        let random = UInt128.max - 5
        let ids = (0..<3).map { calls.insert($0, random: random, deadline: at(1)) }
        #expect(ids.map { $0 >> 32 } == [random >> 32, random >> 32, random >> 32])
        #expect(ids.map { UInt32(truncatingIfNeeded: $0) } == [0, 1, 2])
    }

    @Test("deadlines take calls out in order, each only once")
    func expire() {
        var calls = CallTable<String>()
        _ = calls.insert("c", random: 3 << 32, deadline: at(30))
        let first = calls.insert("a", random: 1 << 32, deadline: at(10))
        _ = calls.insert("b", random: 2 << 32, deadline: at(20))
        #expect(calls.nextDeadline == at(10))
        #expect(calls.takeAllExpired(now: at(10) + .nanoseconds(-1)) == [])
        #expect(calls.takeAllExpired(now: at(20)) == ["a", "b"])
        #expect(calls.takeAllExpired(now: at(20)) == [])
        #expect(calls.take(first) == nil)
        #expect(calls.nextDeadline == at(30))
        #expect(calls.takeAllExpired(now: at(31)) == ["c"])
        #expect(calls.nextDeadline == nil)
    }

    @Test("a shutdown takes all calls out, only once")
    func takeAll() {
        var calls = CallTable<Int>()
        for number in 0..<100 { _ = calls.insert(number, random: UInt128(number) << 32, deadline: at(number)) }
        #expect(calls.takeAll().sorted() == Array(0..<100))
        #expect(calls.count == 0)
        #expect(calls.ids() == [])
        #expect(calls.nextDeadline == nil)
        #expect(calls.takeAll() == [])
        #expect(calls.takeAllExpired(now: at(1000)) == [])
        _ = calls.insert(7, random: 7, deadline: at(1))
        #expect(calls.takeAllExpired(now: at(1)) == [7])
    }

    @Test("a call that ended early leaves no deadline behind")
    func leftovers() {
        var calls = CallTable<String>()
        let short = calls.insert("short", random: 1 << 32, deadline: at(10))
        let long = calls.insert("long", random: 2 << 32, deadline: at(100))
        #expect(calls.take(short) == "short")
        // There is no needless wake-up.
        #expect(calls.nextDeadline == at(100))
        #expect(calls.takeAllExpired(now: at(50)) == [])
        #expect(calls[long] == "long")
        // The same id with a later deadline: the first one no longer counts.
        let first = calls.insert("first", random: 3 << 32, deadline: at(60))
        #expect(calls.nextDeadline == at(60))
        _ = calls.take(first)
        #expect(calls.insert("second", random: 3 << 32, deadline: at(200)) == first)
        #expect(calls.nextDeadline == at(100))
        #expect(calls.takeAllExpired(now: at(60)) == [])
        #expect(calls.takeAllExpired(now: at(200)) == ["long", "second"])
        #expect(calls.nextDeadline == nil)
    }

    @Test("expired calls come one at a time, so that the next sees the consequences of the first")
    func oneAtATime() {
        var calls = CallTable<String>()
        _ = calls.insert("a", random: 1 << 32, deadline: at(10))
        let second = calls.insert("b", random: 2 << 32, deadline: at(20))
        #expect(calls.takeExpired(now: at(30)) == "a")
        #expect(calls.count == 1)
        #expect(calls.take(second) == "b")
        _ = calls.insert("c", random: 3 << 32, deadline: at(25))
        #expect(calls.takeExpired(now: at(30)) == "c")
        #expect(calls.takeExpired(now: at(30)) == nil)
    }

    @Test("the ids of calls can be found by a predicate")
    func someIDs() {
        var calls = CallTable<Int>()
        let ids = (0..<10).map { calls.insert($0, random: UInt128($0) << 32, deadline: at(1)) }
        _ = calls.take(ids[3])
        #expect(calls.ids { $0 > 6 || $0 == 3 } == Array(ids[7...]))
        #expect(calls.ids() == ids.filter { $0 != ids[3] })
    }

    @Test("100 000 calls that end early leave nothing behind, and reuse the same slot", arguments: [0, 50])
    func early(waiting: Int) {
        var calls = CallTable<Int>()
        for call in 0..<waiting { _ = calls.insert(call, random: UInt128(call) << 32, deadline: at(10_000_000)) }
        for call in waiting..<100_000 + waiting {
            let id = calls.insert(call, random: UInt128(call) << 32, deadline: at(1_000_000 + call))
            if UInt32(truncatingIfNeeded: id) != UInt32(waiting) { Issue.record("\(id): the place is not used again") }
            if calls.nextDeadline != at(1_000_000 + call) { Issue.record("a deadline of others before \(call)") }
            if calls.take(id) != call { Issue.record("call \(call) is lost") }
        }
        #expect(calls.count == waiting)
        #expect(calls.nextDeadline == (waiting == 0 ? nil : at(10_000_000)))
        #expect(calls.takeAllExpired(now: at(10_000_000)).sorted() == Array(0..<waiting))
    }

    @Test("100 000 concurrent calls, ended in any order, leave no deadlines behind")
    func manyAtOnce() {
        var calls = CallTable<Int>()
        let ids = (0..<100_000).map { calls.insert($0, random: UInt128($0) << 32, deadline: at($0)) }
        #expect(calls.count == 100_000)
        #expect(calls.takeAllExpired(now: at(49_999)) == Array(0..<50_000))
        for call in (50_000..<100_000).reversed() {
            if calls.nextDeadline != at(50_000) { Issue.record("the next deadline, at \(call)") }
            if calls.take(ids[call]) != call { Issue.record("\(call) is lost") }
        }
        #expect(calls.count == 0)
        #expect(calls.nextDeadline == nil)
    }

    @Test("each of many calls leaves in exactly one way")
    func model() {
        var random = SplitMix64(seed: 8)
        var calls = CallTable<Int>()
        var ids: [UInt128] = []
        var expected: [Int: Int] = [:]
        var now = 0
        var ended: [Int: Int] = [:]
        for _ in 0..<20_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let call = ids.count
                let deadline = now + Int.random(in: -5...500, using: &random)
                expected[call] = deadline
                ids.append(calls.insert(call, random: UInt128(call) << 32, deadline: at(deadline)))
            case 5..<8:
                guard let id = ids.randomElement(using: &random) else { continue }
                let number = Int(id >> 32)
                let call = calls.take(id)
                if call != (expected.removeValue(forKey: number) == nil ? nil : number) { Issue.record("take \(id)") }
                if let call { ended[call, default: 0] += 1 }
            default:
                now += Int.random(in: 0...20, using: &random)
                let due = expected.filter { $0.value <= now }
                let expired = calls.takeAllExpired(now: at(now))
                if Set(expired) != Set(due.keys) || expired.count != due.count { Issue.record("expired at \(now)") }
                for call in expired { ended[call, default: 0] += 1 }
                expected = expected.filter { $0.value > now }
            }
            if calls.count != expected.count { Issue.record("\(calls.count) instead of \(expected.count)") }
            if calls.nextDeadline != expected.values.min().map({ at($0) }) { Issue.record("the next deadline") }
        }
        for call in calls.takeAll() { ended[call, default: 0] += 1 }
        #expect(ended.count == ids.count)
        #expect(ended.values.allSatisfy { $0 == 1 })
    }
}

extension CallTable {
    fileprivate mutating func takeAllExpired(now: Instant) -> [Entry] {
        var all: [Entry] = []
        while let entry = takeExpired(now: now) { all.append(entry) }
        return all
    }
}
