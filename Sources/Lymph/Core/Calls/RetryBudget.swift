package import ZeroMQ

/// Limits retries, as a token bucket.
///
/// Retries help when one instance fails, but make things worse when all do. They may add a fifth to the number of
/// calls, plus ten a second for clients that call rarely.
package struct RetryBudget: Sendable {
    private var tokens: Double
    private var time: Instant

    private static let share = 0.2
    private static let perSecond = 10.0
    private static let most = 100.0

    package init(now: Instant) {
        tokens = Self.perSecond
        time = now
    }

    /// Adds the share of a new call.
    package mutating func deposit() { tokens = min(tokens + Self.share, Self.most) }

    /// Takes a token for a retry. Returns false if there is none.
    package mutating func withdraw(now: Instant) -> Bool {
        tokens = min(tokens + max(0, now.seconds(since: time)) * Self.perSecond, Self.most)
        time = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
