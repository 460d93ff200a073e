/// How long a process that ended waits before it is restarted.
struct Backoff: Sendable, Hashable {
    /// The wait after the first end.
    var first: Duration = .milliseconds(100)

    /// The longest wait, without the random part.
    var longest: Duration = .seconds(30)

    /// How much longer or shorter a wait may be, as a share of it, so that processes that ended together don't
    /// restart together.
    var jitter = 0.25

    /// A process that ran this long counts as healthy: the next end is treated as its first.
    var healthyAfter: Duration = .seconds(10)

    init() {}

    /// The wait after failure number `failures`, counted from 1.
    ///
    /// - Parameter random: Where in the random range the wait lies, from 0 to 1.
    func delay(afterFailure failures: Int, random: Double) -> Duration {
        var delay = first
        var failure = 1
        while failure < failures, delay < longest {
            delay += delay
            failure += 1
        }
        return min(delay, longest) * (1 + jitter * (2 * random - 1))
    }
}
