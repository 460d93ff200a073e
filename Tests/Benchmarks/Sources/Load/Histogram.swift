/// A log-linear histogram of nanoseconds, like an HDR histogram: 128 steps for each power of two, so a value
/// is known to better than one percent.
public struct Histogram: Sendable {
    public private(set) var total = 0
    public private(set) var largest: UInt64 = 0
    private var counts = [UInt64](repeating: 0, count: 58 * 128)

    public init() {}

    public mutating func record(_ value: UInt64) {
        let shift = value < 128 ? 0 : 63 - value.leadingZeroBitCount - 7
        counts[value < 128 ? Int(value) : (shift + 1) * 128 + Int(value >> UInt64(shift)) - 128] += 1
        total += 1
        largest = max(largest, value)
    }

    public func microseconds(percentile: Double) -> Double {
        let wanted = max(1, UInt64((Double(total) * percentile / 100).rounded()))
        var seen: UInt64 = 0
        for (index, count) in counts.enumerated() {
            seen += count
            guard seen >= wanted else { continue }
            if index < 128 { return Double(index) / 1000 }
            let shift = index / 128 - 1
            return Double(UInt64(index % 128 + 128) << UInt64(shift) + UInt64(1) << UInt64(shift) / 2) / 1000
        }
        return 0
    }
}
