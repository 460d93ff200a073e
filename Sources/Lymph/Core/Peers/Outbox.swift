internal import DequeModule

/// The queue of messages for one route.
///
/// A message can be removed from any place, when it is no longer wanted.
package struct Outbox {
    /// Identifies a message in its outbox.
    package struct Ticket: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct Item {
        let number: UInt64
        /// Nil if it was removed.
        var message: Message?
    }

    // Sorted by number. The first item is never a removed one.
    private var items = Deque<Item>()
    /// The number of the message that was added last.
    package private(set) var lastNumber: UInt64

    /// The number of messages.
    package private(set) var count = 0
    /// The number of requests among them.
    package private(set) var requests = 0

    /// - Parameter number: The last used number. Tickets up to this number match no message here.
    package init(after number: UInt64 = 0) { lastNumber = number }

    package var isEmpty: Bool { count == 0 }

    package var first: Message? { items.first?.message }

    package mutating func append(_ message: Message) -> Ticket {
        lastNumber += 1
        items.append(Item(number: lastNumber, message: message))
        note(message, 1)
        return Ticket(number: lastNumber)
    }

    package mutating func removeFirst() -> Message? {
        guard let message = items.popFirst()?.message else { return nil }
        note(message, -1)
        dropGaps()
        return message
    }

    /// Removes and returns a message, if it is still there.
    package mutating func remove(_ ticket: Ticket) -> Message? {
        guard let index = index(of: ticket.number), let message = items[index].message.take() else { return nil }
        note(message, -1)
        dropGaps()
        // Compacting only once half of the items are gaps keeps removal at amortised O(1).
        if items.count > 2 * count + 16 { items.removeAll { $0.message == nil } }
        return message
    }

    /// Removes and returns all requests; answers stay.
    package mutating func removeRequests() -> [Message] {
        guard requests > 0 else { return [] }
        var taken: [Message] = []
        items.removeAll { item in
            guard let message = item.message else { return true }
            guard message.kind == .request else { return false }
            taken.append(message)
            return true
        }
        count -= requests
        requests = 0
        return taken
    }

    /// Removes and returns all messages.
    package mutating func removeAll() -> [Message] {
        defer { self = Outbox(after: lastNumber) }
        return items.compactMap(\.message)
    }

    private mutating func note(_ message: Message, _ change: Int) {
        count += change
        if message.kind == .request { requests += change }
    }

    private mutating func dropGaps() {
        while let first = items.first, first.message == nil { items.removeFirst() }
    }

    private func index(of number: UInt64) -> Int? {
        var (low, high) = (0, items.count)
        while low < high {
            let middle = (low + high) / 2
            if items[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < items.count && items[low].number == number ? low : nil
    }
}
