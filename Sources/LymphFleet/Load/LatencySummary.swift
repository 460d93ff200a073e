internal import Lymph

/// What many measured times say together.
package struct LatencySummary: Equatable, Sendable {
    /// The percentiles that are shown, in percent.
    package static let percentiles = [50, 90, 99, 99.9]

    /// The times, the shortest first; at least one.
    package let sorted: [Duration]
    package let mean: Duration
    /// The standard deviation.
    package let deviation: Duration

    /// Returns nil if there is no time.
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

    /// The shortest of the times that at least so many percent of them don't exceed.
    package func percentile(_ percent: Double) -> Duration {
        // What a float of 99.9 is too much must not lead to the next rank.
        let rank = (percent * Double(sorted.count) / 100 - 1e-9).rounded(.up)
        return sorted[min(max(Int(rank), 1), sorted.count) - 1]
    }
}
