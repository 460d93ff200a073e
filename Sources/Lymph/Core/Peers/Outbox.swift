internal import DequeModule

/// Messages that wait for one route, in their order.
///
/// One that is not wanted any more leaves at once, wherever it stands.
package struct Outbox {
    /// Names a message in its outbox.
    package struct Ticket: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct Item {
        let number: UInt64
        /// nil: it has left.
        var message: Message?
    }

    // By their numbers, the first one never one that has left.
    private var items = Deque<Item>()
    /// The number of the message that came last.
    package private(set) var lastNumber: UInt64

    /// How many messages wait.
    package private(set) var count = 0
    /// How many of them are requests.
    package private(set) var requests = 0

    /// - Parameter number: The highest that is used up: tickets with it or a lower one name no message here.
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

    /// Takes out a message, if it is still there.
    package mutating func remove(_ ticket: Ticket) -> Message? {
        guard let index = index(of: ticket.number), let message = items[index].message.take() else { return nil }
        note(message, -1)
        dropGaps()
        // Gaps in the middle cost a look at each once in a while.
        if items.count > 2 * count + 16 { items.removeAll { $0.message == nil } }
        return message
    }

    /// Takes out all requests; answers stay.
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

    /// Takes out everything.
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
