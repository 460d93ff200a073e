package import ZeroMQ

/// The calls without an answer, by id, with their deadlines.
///
/// The lower 32 bits of an id are the call's index in the table, so no lookup needs hashing. The other 96 bits are
/// random.
package struct CallTable<Entry> {
    private struct Slot {
        var id: UInt128
        /// Nil if the slot is free.
        var entry: Entry?
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []
    private var deadlines = DeadlineQueue()
    // Most calls have none.
    private var alarms = DeadlineQueue()

    package init() {}

    package var count: Int { slots.count - free.count }

    /// The ids of the calls that fulfil a condition. O(n).
    package func ids(where isIncluded: (Entry) -> Bool = { _ in true }) -> [UInt128] {
        slots.compactMap { slot in slot.entry.map(isIncluded) == true ? slot.id : nil }
    }

    /// When ``takeExpired(now:)`` or ``takeAlarm(now:)`` next finds a call.
    package var nextDeadline: Instant? { earliest(deadlines.next, alarms.next) }

    /// Adds a call.
    ///
    /// - Parameter random: The random bits of the id.
    /// - Returns: The id.
    package mutating func insert(_ entry: Entry, random: UInt128, deadline: Instant) -> UInt128 {
        let place = free.popLast() ?? UInt32(slots.count)
        let id = random & ~UInt128(UInt32.max) | UInt128(place)
        let slot = Slot(id: id, entry: entry)
        if place < slots.count { slots[Int(place)] = slot } else { slots.append(slot) }
        deadlines.insert(Int(place), at: deadline)
        return id
    }

    package subscript(id: UInt128) -> Entry? { place(of: id).flatMap { slots[$0].entry } }

    /// Removes a call and returns it.
    package mutating func take(_ id: UInt128) -> Entry? {
        guard let place = place(of: id), let entry = slots[place].entry.take() else { return nil }
        deadlines.remove(place)
        alarms.remove(place)
        free.append(UInt32(place))
        return entry
    }

    private func place(of id: UInt128) -> Int? {
        let place = Int(UInt32(truncatingIfNeeded: id))
        return place < slots.count && slots[place].id == id ? place : nil
    }

    /// Removes and returns the next call whose deadline is not after `now`.
    package mutating func takeExpired(now: Instant) -> Entry? {
        guard let place = deadlines.popExpired(now: now) else { return nil }
        alarms.remove(place)
        free.append(UInt32(place))
        return slots[place].entry.take()
    }

    // MARK: Alarms

    /// Sets when ``takeAlarm(now:)`` returns a call, instead of an earlier time. Does nothing if there is no such call.
    package mutating func setAlarm(for id: UInt128, at time: Instant) {
        guard let place = place(of: id), slots[place].entry != nil else { return }
        alarms.remove(place)
        alarms.insert(place, at: time)
    }

    /// Returns the next call whose alarm is not after `now`, once for each alarm. The call stays.
    package mutating func takeAlarm(now: Instant) -> Entry? {
        alarms.popExpired(now: now).flatMap { slots[$0].entry }
    }

    /// Removes and returns all calls.
    package mutating func takeAll() -> [Entry] {
        defer { self = CallTable() }
        return slots.compactMap(\.entry)
    }
}
