internal import ZeroMQ

/// Says something that lasts once in a while, and not each time that it shows.
struct Reminder {
    private let interval: Duration
    private var last: Instant?

    init(every interval: Duration) { self.interval = interval }

    /// Whether it was not said for a while; then it is from now on.
    mutating func isWorthSaying(at now: Instant) -> Bool {
        if let last, now - last < interval { return false }
        last = now
        return true
    }
}
