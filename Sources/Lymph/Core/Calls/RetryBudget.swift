package import ZeroMQ

/// How many calls may be sent a second time.
///
/// Retries help when one instance fails and harm when all do. So they may add a fifth to what is sent anyway, and ten a second for
/// clients that call seldom.
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

    /// A call was sent for the first time.
    package mutating func deposit() { tokens = min(tokens + Self.share, Self.most) }

    /// Whether a call may be sent again; if so, it counts.
    package mutating func withdraw(now: Instant) -> Bool {
        tokens = min(tokens + max(0, now.seconds(since: time)) * Self.perSecond, Self.most)
        time = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
