import Load
import Lymph

/// A service in a row of services: each of its methods calls the same one of the next.
actor Hop: Interface {
    /// The next service; nil for the last one.
    private let next: Proxy?
    private let lanes: [Lane]

    init(next: Proxy?, lanes: [Lane]) { (self.next, self.lanes) = (next, lanes) }

    static let routes = Routes<Hop> {
        RPC("count", "number") { hop, number in try await hop.count(number) }
        RPC("hang", "lane") { hop, lane in try await hop.hang(lane) }
        RPC("deadlines") { hop in try await hop.deadlines() }
    }

    /// The number, plus one for every service on the way.
    private func count(_ number: Int) async throws -> Int {
        guard !Task.isCancelled else { fail("a request began in a task that had been cancelled before") }
        guard let next else { return number + 1 }
        return try await next.count(number: number) + 1
    }

    /// Returns when the task of the innermost method is cancelled.
    private func hang(_ lane: Int) async throws {
        guard let next else { return await lanes[lane].hang() }
        try await next.hang(lane: lane)
    }

    /// When the caller gives up, as this service and each of the following ones know it.
    private func deadlines() async throws -> [UInt64] {
        guard let deadline = deadlineInNanoseconds() else { fail("a request without a deadline") }
        guard let next else { return [deadline] }
        let following: [UInt64] = try await next.deadlines()
        return [deadline] + following
    }
}

/// The deadline of the current request on the clock of ``now()``, to ten microseconds.
private func deadlineInNanoseconds() -> UInt64? {
    while let deadline = Deadline.current {
        let before = now()
        let left = deadline.remaining
        // A thread that was interrupted in between would be read as a deviation.
        if now() - before < 10_000 { return before + UInt64(left / .nanoseconds(1)) }
    }
    return nil
}
