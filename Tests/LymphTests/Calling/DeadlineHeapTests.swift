import Testing
import ZeroMQ

@testable import Lymph

@Suite("Deadlines, the next one first")
struct DeadlineHeapTests {
    private let start = Instant.now

    private func at(_ milliseconds: Int) -> Instant { start + .milliseconds(milliseconds) }

    @Test("an empty one has nothing")
    func empty() {
        var heap = DeadlineHeap<Int>()
        #expect(heap.count == 0)
        #expect(heap.next == nil)
        #expect(heap.popExpired(now: at(1_000_000)) == nil)
    }

    @Test("deadlines come in their order, whatever the order of their insertion")
    func order() {
        var random = SplitMix64(seed: 7)
        var heap = DeadlineHeap<Int>()
        let times = (0..<1000).shuffled(using: &random)
        for time in times { heap.insert(time, at: at(time)) }
        for time in 0..<1000 {
            #expect(heap.next == at(time))
            #expect(heap.popExpired(now: at(999)) == time)
            #expect(heap.count == 999 - time)
        }
    }

    @Test("a deadline is over when it is reached, not before")
    func boundary() {
        var heap = DeadlineHeap<String>()
        heap.insert("b", at: at(20))
        heap.insert("a", at: at(10))
        #expect(heap.popExpired(now: at(10) - .nanoseconds(1)) == nil)
        #expect(heap.popExpired(now: at(10)) == "a")
        #expect(heap.popExpired(now: at(10)) == nil)
        #expect(heap.next == at(20))
        #expect(heap.popExpired(now: at(21)) == "b")
        #expect(heap.next == nil)
    }

    @Test("equal deadlines all come")
    func equal() {
        var heap = DeadlineHeap<Int>()
        for id in 0..<100 { heap.insert(id, at: at(5)) }
        let ids = (0..<100).compactMap { _ in heap.popExpired(now: at(5)) }
        #expect(ids.sorted() == Array(0..<100))
    }

    @Test("leftovers go when they outnumber the rest by a margin", arguments: [0, 1, 100])
    func compaction(live: Int) {
        var heap = DeadlineHeap<Int>()
        for id in 0..<2 * live + 64 { heap.insert(id, at: at(id)) }
        heap.compact(live: live) { $0 < live }
        #expect(heap.count == 2 * live + 64)
        heap.insert(-1, at: at(-1))
        heap.compact(live: live) { (0..<live).contains($0) }
        #expect(heap.count == live)
        let ids = (0..<live + 1).compactMap { _ in heap.popExpired(now: at(1_000_000)) }
        #expect(ids == Array(0..<live))
    }
}
