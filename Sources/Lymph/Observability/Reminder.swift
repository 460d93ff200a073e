internal import ZeroMQ

/// Limits reports of a lasting problem to one for each interval.
struct Reminder {
    private let interval: Duration
    private var last: Instant?

    init(every interval: Duration) { self.interval = interval }

    /// Claims the right to report it now.
    ///
    /// - Returns: False if it was reported less than an interval ago.
    mutating func claim(at now: Instant) -> Bool {
        if let last, now - last < interval { return false }
        last = now
        return true
    }
}
