import Testing
import ZeroMQ

@testable import Lymph

@Suite("Queue of deadlines")
struct DeadlineQueueTests {
    private let start = Instant.now

    private func at(_ milliseconds: Int) -> Instant { start + .milliseconds(milliseconds) }

    @Test("an empty queue has nothing")
    func empty() {
        var queue = DeadlineQueue()
        #expect(queue.count == 0)
        #expect(queue.next == nil)
        #expect(queue.popExpired(now: at(1_000_000)) == nil)
        queue.remove(0)
        queue.remove(7)
        #expect(queue.count == 0)
    }

    @Test("deadlines come out in order, whatever the order of insertion")
    func order() {
        var random = SplitMix64(seed: 7)
        var queue = DeadlineQueue()
        let times = (0..<1000).shuffled(using: &random)
        for time in times { queue.insert(time, at: at(time)) }
        for time in 0..<1000 {
            #expect(queue.next == at(time))
            #expect(queue.popExpired(now: at(999)) == time)
            #expect(queue.count == 999 - time)
        }
    }

    @Test("a deadline expires when it is reached, not before")
    func boundary() {
        var queue = DeadlineQueue()
        queue.insert(2, at: at(20))
        queue.insert(1, at: at(10))
        #expect(queue.popExpired(now: at(10) + .nanoseconds(-1)) == nil)
        #expect(queue.popExpired(now: at(10)) == 1)
        #expect(queue.popExpired(now: at(10)) == nil)
        #expect(queue.next == at(20))
        #expect(queue.popExpired(now: at(21)) == 2)
        #expect(queue.next == nil)
    }

    @Test("equal deadlines all come out")
    func equal() {
        var queue = DeadlineQueue()
        for number in 0..<100 { queue.insert(number, at: at(5)) }
        let numbers = (0..<100).compactMap { _ in queue.popExpired(now: at(5)) }
        #expect(numbers.sorted() == Array(0..<100))
    }

    @Test("a deadline can be removed from any place, and inserted again", arguments: [1, 2, 5, 6, 21, 100])
    func remove(count: Int) {
        for removed in 0..<count {
            var queue = DeadlineQueue()
            for number in 0..<count { queue.insert(number, at: at(number)) }
            queue.remove(removed)
            queue.remove(removed)
            #expect(queue.count == count - 1)
            #expect(queue.next == (count == 1 ? nil : at(removed == 0 ? 1 : 0)))
            queue.insert(removed, at: at(-1))
            #expect(queue.next == at(-1))
            let numbers = (0..<count).compactMap { _ in queue.popExpired(now: at(count)) }
            #expect(numbers == [removed] + (0..<count).filter { $0 != removed })
        }
    }

    @Test("after any sequence of changes the next deadline is the earliest")
    func model() {
        var random = SplitMix64(seed: 12)
        var queue = DeadlineQueue()
        // Sorted; the numbers in the queue, with their times.
        var model: [(time: Int, number: Int)] = []
        for turn in 0..<30_000 {
            // It grows and shrinks.
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<(turn / 3000 % 2 == 0 ? 6 : 2):
                let number = Int.random(in: 0..<200, using: &random)
                guard !model.contains(where: { $0.number == number }) else { continue }
                let time = Int.random(in: 0..<500, using: &random)
                queue.insert(number, at: at(time))
                model.insert((time, number), at: model.firstIndex { $0.time > time } ?? model.count)
            case 6..<8:
                let number = Int.random(in: 0..<250, using: &random)
                queue.remove(number)
                model.removeAll { $0.number == number }
            default:
                let now = Int.random(in: 0..<500, using: &random)
                let popped = queue.popExpired(now: at(now))
                // Of equal deadlines any may come first.
                let due = model.filter { $0.time == model.first?.time && $0.time <= now }.map(\.number)
                if popped == nil ? !due.isEmpty : !due.contains(popped ?? -1) { Issue.record("turn \(turn)") }
                model.removeAll { $0.number == popped }
            }
            if queue.count != model.count || queue.next != model.first.map({ at($0.time) }) {
                Issue.record("turn \(turn): \(queue.count) instead of \(model.count)")
                return
            }
        }
    }
}
