package import ZeroMQ

/// A priority queue of small numbers by deadline.
///
/// An indexed heap: it knows the place of each number, so that removing one in the middle is cheap. It has four
/// children per parent: deadlines are mostly added in order and removed in nearly the same order, and a flat heap
/// moves few entries then.
package struct DeadlineQueue {
    private struct Entry {
        let deadline: Instant
        let number: Int32
    }

    private var heap: [Entry] = []
    // The index of each number in the heap; -1 if it is not there.
    private var places: [Int32] = []

    package init() {}

    package var count: Int { heap.count }

    /// The earliest deadline.
    package var next: Instant? { heap.first?.deadline }

    /// Adds a number, which must not be in the queue.
    package mutating func insert(_ number: Int, at deadline: Instant) {
        if number >= places.count {
            places.append(contentsOf: repeatElement(-1, count: number + 1 - places.count))
        }
        heap.append(Entry(deadline: deadline, number: Int32(number)))
        rise(from: heap.count - 1)
    }

    /// Removes a number. Does nothing if it is not there.
    package mutating func remove(_ number: Int) {
        guard number < places.count, places[number] >= 0 else { return }
        let place = Int(places[number])
        places[number] = -1
        let last = heap.removeLast()
        guard place < heap.count else { return }
        heap[place] = last
        if place > 0, last.deadline < heap[(place - 1) / 4].deadline { rise(from: place) } else { sink(from: place) }
    }

    /// Removes and returns the number with the earliest deadline, if that is not after `now`.
    package mutating func popExpired(now: Instant) -> Int? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        remove(Int(first.number))
        return Int(first.number)
    }

    private mutating func rise(from start: Int) {
        let entry = heap[start]
        var place = start
        while place > 0 {
            let parent = (place - 1) / 4
            guard entry.deadline < heap[parent].deadline else { break }
            set(heap[parent], at: place)
            place = parent
        }
        set(entry, at: place)
    }

    private mutating func sink(from start: Int) {
        let entry = heap[start]
        var place = start
        while true {
            var child = 4 * place + 1
            guard child < heap.count else { break }
            for other in (child + 1)..<min(child + 4, heap.count) where heap[other].deadline < heap[child].deadline {
                child = other
            }
            guard heap[child].deadline < entry.deadline else { break }
            set(heap[child], at: place)
            place = child
        }
        set(entry, at: place)
    }

    private mutating func set(_ entry: Entry, at place: Int) {
        heap[place] = entry
        places[Int(entry.number)] = Int32(place)
    }
}
