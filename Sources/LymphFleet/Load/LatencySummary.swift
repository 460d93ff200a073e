internal import Lymph

/// Statistics of many measured times.
package struct LatencySummary: Equatable, Sendable {
    /// The percentiles that are shown, in percent.
    package static let percentiles = [50, 90, 99, 99.9]

    /// The times in ascending order; at least one.
    package let sorted: [Duration]
    package let mean: Duration
    /// The standard deviation.
    package let deviation: Duration

    /// Returns nil if there are no times.
    package init?(_ times: [Duration]) {
        guard !times.isEmpty else { return nil }
        sorted = times.sorted()
        let seconds = times.map(\.inSeconds)
        let mean = seconds.reduce(0, +) / Double(seconds.count)
        let variance = seconds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(seconds.count)
        self.mean = .seconds(mean)
        deviation = .seconds(variance.squareRoot())
    }

    package var minimum: Duration { sorted[0] }
    package var maximum: Duration { sorted[sorted.count - 1] }

    /// The shortest time that is not exceeded by at least `percent` percent of all times.
    package func percentile(_ percent: Double) -> Duration {
        // Corrects the rounding error of floats such as 99.9, which must not lead to the next rank.
        let rank = (percent * Double(sorted.count) / 100 - 1e-9).rounded(.up)
        return sorted[min(max(Int(rank), 1), sorted.count) - 1]
    }
}
