internal import ZeroMQ

/// Says something that lasts once in a while, and not each time that it shows.
struct Reminder {
    private let interval: Duration
    private var last: Instant?

    init(every interval: Duration) { self.interval = interval }

    /// Claims the right to say it now.
    ///
    /// - Returns: false if it was said a short while ago.
    mutating func claim(at now: Instant) -> Bool {
        if let last, now - last < interval { return false }
        last = now
        return true
    }
}
