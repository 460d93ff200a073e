internal import DequeModule
internal import HeapModule
package import ZeroMQ

/// The deadlines of calls, the next one first.
///
/// A call that ends early leaves its deadline behind until that is reached, or until such leftovers outnumber the
/// calls: taking it out at once would cost more than all of the heap's other work.
package struct DeadlineHeap<ID: Hashable & Sendable> {
    private struct Entry: Comparable {
        let deadline: Instant
        let id: ID

        static func < (a: Entry, b: Entry) -> Bool { a.deadline < b.deadline }
        static func == (a: Entry, b: Entry) -> Bool { a.deadline == b.deadline }
    }

    // Most calls have the same timeout, so their deadlines come in their order. The heap has those that don't.
    private var queue = Deque<Entry>()
    private var heap = Heap<Entry>()

    package init() {}

    /// How many deadlines are stored, leftovers included.
    package var count: Int { queue.count + heap.count }

    /// The earliest deadline; it may be a leftover.
    package var next: Instant? { first?.deadline }

    private var first: Entry? {
        guard let early = heap.min else { return queue.first }
        return queue.first.map { min($0, early) } ?? early
    }

    package mutating func insert(_ id: ID, at deadline: Instant) {
        let entry = Entry(deadline: deadline, id: id)
        if let last = queue.last, entry < last { heap.insert(entry) } else { queue.append(entry) }
    }

    /// Takes out the first deadline that is not after `now`.
    package mutating func popExpired(now: Instant) -> ID? {
        guard let first, first.deadline <= now else { return nil }
        return queue.first?.deadline == first.deadline ? queue.removeFirst().id : heap.removeMin().id
    }

    /// Forgets the leftovers if there are more of them than of the `live` entries.
    package mutating func compact(live: Int, isLive: (ID) -> Bool) {
        guard count > 2 * live + 64 else { return }
        queue.removeAll { !isLive($0.id) }
        heap = Heap(heap.unordered.filter { isLive($0.id) })
    }
}
