/// Items with the times at which they are due. It has no clock of its own.
package struct Timers<Item> {
    private struct Entry {
        let time: Instant
        let item: Item
    }

    // Latest first, so that the next item is removed from the end at no cost.
    private var entries: [Entry] = []

    package init() {}

    /// The time of the next item.
    package var next: Instant? { entries.last?.time }

    /// Adds an item, due after all others of the same time.
    package mutating func add(_ item: Item, at time: Instant) {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].time < time { high = middle } else { low = middle + 1 }
        }
        // Items of one time come out in the order in which they were added, so the new one goes in front of them
        // here.
        while low > 0, entries[low - 1].time == time { low -= 1 }
        entries.insert(Entry(time: time, item: item), at: low)
    }

    /// Takes out what is due by `now`, in the order of the times.
    package mutating func takeDue(at now: Instant) -> [Item] {
        var items: [Item] = []
        while let entry = entries.last, entry.time <= now {
            items.append(entry.item)
            entries.removeLast()
        }
        return items
    }

    /// Takes out the next item, whether or not it is due.
    package mutating func popNext() -> Item? { entries.popLast()?.item }

    /// Removes all items.
    package mutating func removeAll() { entries.removeAll() }
}
