internal import HeapModule

/// The deadlines of calls, the next one first.
///
/// A call that ends early leaves its deadline behind until that is reached, or until such leftovers outnumber the
/// calls: taking it out at once would cost more than all of the heap's other work.
package struct DeadlineHeap<ID: Hashable & Sendable> {
    private struct Entry: Comparable {
        let deadline: ContinuousClock.Instant
        let id: ID

        static func < (a: Entry, b: Entry) -> Bool { a.deadline < b.deadline }
        static func == (a: Entry, b: Entry) -> Bool { a.deadline == b.deadline }
    }

    private var heap = Heap<Entry>()

    package init() {}

    /// How many deadlines are stored, leftovers included.
    package var count: Int { heap.count }

    /// The earliest deadline; it may be a leftover.
    package var next: ContinuousClock.Instant? { heap.min?.deadline }

    package mutating func insert(_ id: ID, at deadline: ContinuousClock.Instant) {
        heap.insert(Entry(deadline: deadline, id: id))
    }

    /// Takes out the first deadline that is not after `now`.
    package mutating func popExpired(now: ContinuousClock.Instant) -> ID? {
        guard let first = heap.min, first.deadline <= now else { return nil }
        return heap.removeMin().id
    }

    /// Forgets the leftovers if there are more of them than of the `live` entries.
    package mutating func compact(live: Int, isLive: (ID) -> Bool) {
        guard heap.count > 2 * live + 64 else { return }
        heap = Heap(heap.unordered.filter { isLive($0.id) })
    }
}
