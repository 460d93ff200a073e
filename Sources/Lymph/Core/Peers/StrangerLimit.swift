internal import ZeroMQ

/// Until when strangers are dialled, who only get answers.
struct StrangerLimit {
    /// The number of peers at which no stranger is dialled any more.
    private var count: Int
    /// Until when no stranger is dialled, because there was no descriptor left.
    private var exhaustion: (end: Instant, cause: (any Error)?)?

    init(_ count: Int) { self.count = count }

    /// Lowers the number, but not below 1.
    mutating func restrict(to count: Int) { self.count = min(self.count, max(count, 1)) }

    /// There was no descriptor left for a connection.
    mutating func exhaust(_ cause: (any Error)?, at now: Instant) {
        exhaustion = (now + .milliseconds(100), cause)
    }

    /// Checks whether a stranger can be dialled.
    ///
    /// - Parameter known: The number of peers.
    /// - Throws: An error that says why it can't.
    func admit(_ stranger: Endpoint, besides known: Int, at now: Instant) throws(LymphError) {
        // Trying in vain is expensive: the system looks at every descriptor there is. Don't do that for every stranger.
        if let exhaustion, now < exhaustion.end {
            throw LymphError(
                .notConnected, "can't connect to \(stranger): there were no descriptors left", cause: exhaustion.cause)
        }
        guard known < count else {
            throw LymphError(
                .notConnected, "can't connect to \(stranger): there are connections to \(known) peers already")
        }
    }
}
