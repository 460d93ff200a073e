/// The distribution of some times, in microseconds.
struct Spread: Encodable, Sendable {
    let p50, p99, max: Double

    init(nanoseconds: [UInt64]) {
        let sorted = nanoseconds.sorted()
        func percentile(_ percent: Int) -> Double {
            sorted.isEmpty ? 0 : Double(sorted[(sorted.count - 1) * percent / 100]) / 1000
        }
        (p50, p99, max) = (percentile(50), percentile(99), percentile(100))
    }
}
