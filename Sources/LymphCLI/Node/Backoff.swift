/// How long a process that ended waits before it is started again.
struct Backoff: Sendable, Hashable {
    /// The wait after the first end.
    var first: Duration = .milliseconds(100)

    /// The longest wait, without the random part.
    var longest: Duration = .seconds(30)

    /// How much longer or shorter than planned a wait may be, as a share of it: processes that ended together don't
    /// start together.
    var jitter = 0.25

    /// A process that ran this long counts as healthy: its next end is the first one again.
    var healthyAfter: Duration = .seconds(10)

    init() {}

    /// The wait after the end number `failures`, which counts from 1.
    ///
    /// - Parameter random: From 0 to 1: where in the random range the wait lies.
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
