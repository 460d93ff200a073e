internal import Glibc

/// The pauses between signs of life, as a phi accrual failure detector keeps them.
///
/// Pauses are taken as exponentially distributed, which needs their mean only: a pause of `t` or longer then has the probability
/// `exp(-t / mean)`, and phi is its negative decimal logarithm.
package struct ArrivalStatistics: Sendable {
    private var mean: Double?

    /// The share of a new pause in the mean.
    private static let weight = 0.1
    /// A burst of messages says nothing of how long a pause may become; neither does a day without calls.
    private static let range = 0.01...Double(10)

    package init() {}

    package mutating func add(_ pause: Duration) {
        let sample = min(max(pause.inSeconds, Self.range.lowerBound), Self.range.upperBound)
        mean = mean.map { $0 + Self.weight * (sample - $0) } ?? sample
    }

    /// Phi after a pause that is not over yet; nil without any pause before.
    package func phi(after pause: Duration) -> Double? {
        mean.map { max(0, pause.inSeconds) / $0 * M_LOG10E }
    }
}
