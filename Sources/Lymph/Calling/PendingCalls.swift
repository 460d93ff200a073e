/// The calls that wait for their answer.
///
/// An entry leaves the table in one of four ways: an answer, its deadline, cancellation, the end of everything. Each
/// takes it out first and hands it to the one who ends the call, so every call ends exactly once.
package struct PendingCalls<Call> {
    private var calls: [UInt128: (call: Call, deadline: ContinuousClock.Instant)] = [:]
    private var deadlines = DeadlineHeap<UInt128>()

    package init() {}

    package var count: Int { calls.count }
    package var isEmpty: Bool { calls.isEmpty }

    /// The ids of all calls.
    package var ids: [UInt128] { Array(calls.keys) }

    /// The ids of some calls. It looks at all.
    package func ids(where isIncluded: (Call) -> Bool) -> [UInt128] {
        calls.filter { isIncluded($0.value.call) }.map(\.key)
    }

    /// The earliest moment at which ``takeExpired(now:)`` may find something.
    package var nextDeadline: ContinuousClock.Instant? { calls.isEmpty ? nil : deadlines.next }

    package mutating func insert(_ call: Call, id: UInt128, deadline: ContinuousClock.Instant) {
        calls[id] = (call, deadline)
        deadlines.insert(id, at: deadline)
    }

    package subscript(id: UInt128) -> Call? { calls[id]?.call }

    /// Takes a call out, because its answer came or it was cancelled.
    package mutating func take(_ id: UInt128) -> Call? {
        guard let (call, _) = calls.removeValue(forKey: id) else { return nil }
        deadlines.compact(live: calls.count) { calls[$0] != nil }
        return call
    }

    /// Takes out the calls whose deadline is not after `now`.
    package mutating func takeExpired(now: ContinuousClock.Instant) -> [Call] {
        var expired: [Call] = []
        while let id = deadlines.popExpired(now: now) {
            // Not there, or there with a later deadline: a leftover.
            guard let entry = calls[id], entry.deadline <= now else { continue }
            calls[id] = nil
            expired.append(entry.call)
        }
        return expired
    }

    /// Takes out all calls.
    package mutating func takeAll() -> [Call] {
        defer { self = PendingCalls() }
        return calls.values.map(\.call)
    }
}
