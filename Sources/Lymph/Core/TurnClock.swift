internal import ZeroMQ

/// The time within a turn of the loop. It is read again only if a handler may have run since the last time, because
/// nothing else takes long, and reading it for every request would cost more than the rest of what its deadline does.
struct TurnClock {
    private var time: Instant?

    /// The time was read.
    mutating func note(_ now: Instant) { time = now }

    /// A handler is about to run, or the loop to wait.
    mutating func passTime() { time = nil }

    /// The current time.
    mutating func now(on loop: any EventLoop) -> Instant {
        if let time { return time }
        let now = loop.now
        time = now
        return now
    }
}
