/// A histogram of times. Its limits grow as 1, 2, 5, 10, so that both ends of a long tail are visible.
package struct LatencyHistogram: Equatable, Sendable {
    package struct Bucket: Equatable, Sendable {
        package let from: Duration
        package let to: Duration
        package let count: Int

        package init(from: Duration, to: Duration, count: Int) {
            self.from = from
            self.to = to
            self.count = count
        }
    }

    package private(set) var buckets: [Bucket] = []

    /// - Parameter sorted: The times in ascending order.
    package init(_ sorted: [Duration]) {
        guard let first = sorted.first, let last = sorted.last else { return }
        var limits = Self.limits(below: first)
        var rest = sorted[...]
        while limits.from <= last {
            let inside = rest.prefix { $0 < limits.to }
            buckets.append(Bucket(from: limits.from, to: limits.to, count: inside.count))
            rest = rest.dropFirst(inside.count)
            limits = Self.next(limits)
        }
    }

    /// The bucket that contains a time; the first one ends at a microsecond.
    private static func limits(below time: Duration) -> (from: Duration, to: Duration, step: Int) {
        var limits = (from: Duration.zero, to: Duration.microseconds(1), step: 0)
        while limits.to <= time { limits = next(limits) }
        return limits
    }

    private static func next(
        _ limits: (from: Duration, to: Duration, step: Int)
    ) -> (
        from: Duration, to: Duration, step: Int
    ) {
        // 1 to 2 to 5 to 10
        let to = limits.step == 1 ? limits.to * 5 / 2 : limits.to * 2
        return (limits.to, to, (limits.step + 1) % 3)
    }
}
