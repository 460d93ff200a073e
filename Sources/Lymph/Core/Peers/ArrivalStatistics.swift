internal import Glibc

/// The pauses between signs of life, for a phi accrual failure detector.
///
/// Pauses are assumed to be exponentially distributed, so that their mean is enough: a pause of at least `t` has the
/// probability `exp(-t / mean)`, and phi is the negative decimal logarithm of that.
package struct ArrivalStatistics: Sendable {
    private var mean: Double?

    /// The weight of a new pause in the moving average.
    private static let weight = 0.1
    /// Pauses are clamped: neither a burst of messages nor a day without calls says how long a normal pause is.
    private static let range = 0.01...Double(10)

    package init() {}

    package mutating func add(_ pause: Duration) {
        let sample = min(max(pause.inSeconds, Self.range.lowerBound), Self.range.upperBound)
        mean = mean.map { $0 + Self.weight * (sample - $0) } ?? sample
    }

    /// Phi after an unfinished pause; nil if no pause was recorded before.
    package func phi(after pause: Duration) -> Double? {
        mean.map { max(0, pause.inSeconds) / $0 * M_LOG10E }
    }
}
