/// What many measured times say together.
struct LatencySummary: Equatable {
    /// The percentiles that are shown, in percent.
    static let percentiles = [50, 90, 99, 99.9]

    /// The times, the shortest first; at least one.
    let sorted: [Duration]
    let mean: Duration
    /// The standard deviation.
    let deviation: Duration

    /// Returns nil if there is no time.
    init?(_ times: [Duration]) {
        guard !times.isEmpty else { return nil }
        sorted = times.sorted()
        let seconds = times.map(\.inSeconds)
        let mean = seconds.reduce(0, +) / Double(seconds.count)
        let variance = seconds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(seconds.count)
        self.mean = .seconds(mean)
        deviation = .seconds(variance.squareRoot())
    }

    var minimum: Duration { sorted[0] }
    var maximum: Duration { sorted[sorted.count - 1] }

    /// The shortest of the times that at least so many percent of them don't exceed.
    func percentile(_ percent: Double) -> Duration {
        // What a float of 99.9 is too much must not lead to the next rank.
        let rank = (percent * Double(sorted.count) / 100 - 1e-9).rounded(.up)
        return sorted[min(max(Int(rank), 1), sorted.count) - 1]
    }
}
