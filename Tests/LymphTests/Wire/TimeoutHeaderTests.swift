import Testing
import ZeroMQ

@testable import Lymph

@Suite("The time that is left for a request")
struct TimeoutHeaderTests {
    private let start = Instant.origin + .seconds(1000)

    @Test(
        "is rounded to the nearest millisecond, and is zero only if nothing is left",
        arguments: [
            (-1_000_000_000, 0), (0, 0), (1, 1), (499_999, 1), (1_499_999, 1), (1_500_000, 2), (2_000_000, 2),
            (3_600_000_000_000, 3_600_000), (.max, UInt32.max),
        ] as [(Int64, UInt32)])
    func rounding(nanoseconds: Int64, milliseconds: UInt32) {
        let header = TimeoutHeader(from: start, until: start + .nanoseconds(nanoseconds))
        #expect(header.milliseconds == milliseconds)
    }

    @Test("counts from the arrival")
    func arrival() {
        #expect(TimeoutHeader(milliseconds: 1500).deadline(after: start) == start + .milliseconds(1500))
        #expect(TimeoutHeader(milliseconds: 0).deadline(after: start) == start)
        #expect(TimeoutHeader(milliseconds: .max).deadline(after: start) > start + .seconds(49 * 86_400))
    }

    @Test("drifts by at most half a millisecond a hop, in either direction")
    func drift() {
        var random = SplitMix64(seed: 3)
        var sum: Int64 = 0
        for _ in 0..<1000 {
            let deadline = start + .nanoseconds(Int64.random(in: 1_000_000...5_000_000_000, using: &random))
            let read = TimeoutHeader(from: start, until: deadline).deadline(after: start)
            let error = deadline.nanoseconds(until: read)
            #expect(abs(error) <= 500_000)
            sum += error
        }
        #expect(abs(sum) / 1000 < 50_000)
    }
}
