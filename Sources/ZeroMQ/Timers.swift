/// What is to be done at which times, without a clock of its own.
package struct Timers<Item> {
    private struct Entry {
        let time: Instant
        let item: Item
    }

    // The next one comes last, where it is taken out at no cost.
    private var entries: [Entry] = []

    package init() {}

    /// When there is something to be done next.
    package var next: Instant? { entries.last?.time }

    /// Adds something to be done, after all that is to be done at that time already.
    package mutating func add(_ item: Item, at time: Instant) {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].time < time { high = middle } else { low = middle + 1 }
        }
        // Among those of one time the first to come is the last here.
        while low > 0, entries[low - 1].time == time { low -= 1 }
        entries.insert(Entry(time: time, item: item), at: low)
    }

    /// Takes out what is to be done by now, in the order of the times.
    package mutating func takeDue(at now: Instant) -> [Item] {
        var items: [Item] = []
        while let entry = entries.last, entry.time <= now {
            items.append(entry.item)
            entries.removeLast()
        }
        return items
    }

    /// Takes out all that is to be done at some time.
    package mutating func removeAll() { entries.removeAll() }
}
