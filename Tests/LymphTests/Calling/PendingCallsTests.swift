import Testing

@testable import Lymph

@Suite("Calls that wait for their answer")
struct PendingCallsTests {
    private let start = ContinuousClock.now

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    /// How many deadlines are stored, leftovers included.
    private func deadlines(of calls: PendingCalls<some Any>) throws -> Int {
        try #require(Mirror(reflecting: calls).descendant("deadlines") as? DeadlineHeap<UInt128>).count
    }

    @Test("an answer takes a call out, once")
    func take() {
        var calls = PendingCalls<String>()
        calls.insert("a", id: 1, deadline: at(10))
        #expect(calls.count == 1)
        #expect(!calls.isEmpty)
        #expect(calls.ids == [1])
        #expect(calls[1] == "a")
        #expect(calls[2] == nil)
        #expect(calls.take(2) == nil)
        #expect(calls.take(1) == "a")
        #expect(calls.take(1) == nil)
        #expect(calls[1] == nil)
        #expect(calls.isEmpty)
        #expect(calls.takeExpired(now: at(10)) == [])
    }

    @Test("a deadline takes calls out, once, in order")
    func expire() {
        var calls = PendingCalls<String>()
        calls.insert("c", id: 3, deadline: at(30))
        calls.insert("a", id: 1, deadline: at(10))
        calls.insert("b", id: 2, deadline: at(20))
        #expect(calls.nextDeadline == at(10))
        #expect(calls.takeExpired(now: at(10) - .nanoseconds(1)) == [])
        #expect(calls.takeExpired(now: at(20)) == ["a", "b"])
        #expect(calls.takeExpired(now: at(20)) == [])
        #expect(calls.take(1) == nil)
        #expect(calls.nextDeadline == at(30))
        #expect(calls.takeExpired(now: at(31)) == ["c"])
        #expect(calls.nextDeadline == nil)
    }

    @Test("the end of everything takes all calls out, once")
    func takeAll() throws {
        var calls = PendingCalls<Int>()
        for id in 0..<100 { calls.insert(id, id: UInt128(id), deadline: at(id)) }
        #expect(calls.takeAll().sorted() == Array(0..<100))
        #expect(calls.isEmpty)
        #expect(calls.ids == [])
        #expect(calls.nextDeadline == nil)
        #expect(try deadlines(of: calls) == 0)
        #expect(calls.takeAll() == [])
        #expect(calls.takeExpired(now: at(1000)) == [])
        calls.insert(7, id: 7, deadline: at(1))
        #expect(calls.takeExpired(now: at(1)) == [7])
    }

    @Test("the leftover of a call that ended ends no other")
    func leftovers() {
        var calls = PendingCalls<String>()
        calls.insert("short", id: 1, deadline: at(10))
        calls.insert("long", id: 2, deadline: at(100))
        #expect(calls.take(1) == "short")
        // A wake-up for nothing is allowed, an end is not.
        #expect(calls.takeExpired(now: at(50)) == [])
        #expect(calls[2] == "long")
        // The same id with a later deadline: the first one no longer counts.
        calls.insert("first", id: 3, deadline: at(60))
        _ = calls.take(3)
        calls.insert("second", id: 3, deadline: at(200))
        #expect(calls.takeExpired(now: at(60)) == [])
        #expect(calls.takeExpired(now: at(200)).sorted() == ["long", "second"])
    }

    @Test("100 000 calls that end early leave no deadlines behind", arguments: [0, 50])
    func memory(waiting: Int) throws {
        var calls = PendingCalls<Int>()
        for id in 0..<waiting { calls.insert(id, id: UInt128(id), deadline: at(10_000_000)) }
        var most = 0
        for id in waiting..<100_000 + waiting {
            calls.insert(id, id: UInt128(id), deadline: at(1_000_000 + id))
            if calls.take(UInt128(id)) != id { Issue.record("call \(id) is lost") }
            if id.isMultiple(of: 50) { most = max(most, try deadlines(of: calls)) }
        }
        #expect(calls.count == waiting)
        #expect(most <= 2 * waiting + 64)
        #expect(try deadlines(of: calls) <= 2 * waiting + 64)
        #expect(calls.takeExpired(now: at(10_000_000)).sorted() == Array(0..<waiting))
    }

    @Test("100 000 calls at the same time, ended in any order, leave no deadlines behind")
    func manyAtOnce() throws {
        var calls = PendingCalls<UInt128>()
        for id in 0..<UInt128(100_000) { calls.insert(id, id: id, deadline: at(Int(id))) }
        #expect(calls.count == 100_000)
        #expect(calls.takeExpired(now: at(49_999)) == Array(0..<50_000))
        for id in (50_000..<UInt128(100_000)).reversed() where calls.take(id) != id { Issue.record("\(id) is lost") }
        #expect(calls.isEmpty)
        #expect(try deadlines(of: calls) <= 64)
    }

    @Test("each of many calls leaves in exactly one way")
    func model() {
        var random = SplitMix64(seed: 8)
        var calls = PendingCalls<UInt128>()
        var expected: [UInt128: Int] = [:]
        var (lastID, now) = (UInt128(0), 0)
        var ended: [UInt128: Int] = [:]
        for _ in 0..<20_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                lastID += 1
                expected[lastID] = now + Int.random(in: -5...500, using: &random)
                calls.insert(lastID, id: lastID, deadline: at(expected[lastID] ?? 0))
            case 5..<8:
                let id = UInt128.random(in: 0...lastID, using: &random)
                let call = calls.take(id)
                if call != (expected.removeValue(forKey: id) == nil ? nil : id) { Issue.record("take \(id)") }
                if call != nil { ended[id, default: 0] += 1 }
            default:
                now += Int.random(in: 0...20, using: &random)
                let due = expected.filter { $0.value <= now }
                let expired = calls.takeExpired(now: at(now))
                if Set(expired) != Set(due.keys) || expired.count != due.count { Issue.record("expired at \(now)") }
                for id in expired { ended[id, default: 0] += 1 }
                expected = expected.filter { $0.value > now }
            }
            if calls.count != expected.count { Issue.record("\(calls.count) instead of \(expected.count)") }
            if let first = expected.values.min(), calls.nextDeadline.map({ $0 > at(first) }) ?? true {
                Issue.record("the next deadline is missed")
            }
        }
        for id in calls.takeAll() { ended[id, default: 0] += 1 }
        #expect(ended.count == Int(lastID))
        #expect(ended.values.allSatisfy { $0 == 1 })
    }
}
