package import ZeroMQ

/// The calls that wait for their answer.
///
/// An entry leaves the table in one of four ways: an answer, its deadline, cancellation, the end of everything. Each
/// takes it out first and hands it to the one who ends the call, so every call ends exactly once.
///
/// The id of a call says in its lower 32 bits where the call is: it is found without hashing. The other 96 are random.
package struct PendingCalls<Call> {
    private struct Slot {
        var id: UInt128
        var deadline: Instant
        /// nil: the slot is free.
        var call: Call?
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []
    private var deadlines = DeadlineHeap<UInt128>()

    package init() {}

    package var count: Int { slots.count - free.count }
    package var isEmpty: Bool { count == 0 }

    /// The ids of all calls.
    package var ids: [UInt128] { ids { _ in true } }

    /// The ids of some calls. It looks at all.
    package func ids(where isIncluded: (Call) -> Bool) -> [UInt128] {
        slots.compactMap { slot in slot.call.map(isIncluded) == true ? slot.id : nil }
    }

    /// The earliest moment at which ``takeExpired(now:)`` may find something.
    package var nextDeadline: Instant? { isEmpty ? nil : deadlines.next }

    /// Adds a call.
    ///
    /// - Parameter random: What makes its id unique.
    /// - Returns: The id.
    package mutating func insert(_ call: Call, random: UInt128, deadline: Instant) -> UInt128 {
        let place = free.popLast() ?? UInt32(slots.count)
        let id = random & ~UInt128(UInt32.max) | UInt128(place)
        let slot = Slot(id: id, deadline: deadline, call: call)
        if place < slots.count { slots[Int(place)] = slot } else { slots.append(slot) }
        deadlines.insert(id, at: deadline)
        return id
    }

    package subscript(id: UInt128) -> Call? { place(of: id).flatMap { slots[$0].call } }

    /// Takes a call out, because its answer came or it was cancelled.
    package mutating func take(_ id: UInt128) -> Call? {
        guard let place = place(of: id) else { return nil }
        let call = remove(place)
        let slots = slots
        deadlines.compact(live: count) { Self.place(of: $0, in: slots) != nil }
        return call
    }

    private func place(of id: UInt128) -> Int? { Self.place(of: id, in: slots) }

    private static func place(of id: UInt128, in slots: [Slot]) -> Int? {
        let place = Int(UInt32(truncatingIfNeeded: id))
        return place < slots.count && slots[place].id == id && slots[place].call != nil ? place : nil
    }

    private mutating func remove(_ place: Int) -> Call? {
        free.append(UInt32(place))
        return slots[place].call.take()
    }

    /// Takes out the calls whose deadline is not after `now`.
    package mutating func takeExpired(now: Instant) -> [Call] {
        var expired: [Call] = []
        while let id = deadlines.popExpired(now: now) {
            // Not there, or there with a later deadline: a leftover.
            guard let place = place(of: id), slots[place].deadline <= now, let call = remove(place) else { continue }
            expired.append(call)
        }
        return expired
    }

    /// Takes out all calls.
    package mutating func takeAll() -> [Call] {
        defer { self = PendingCalls() }
        return slots.compactMap(\.call)
    }
}
