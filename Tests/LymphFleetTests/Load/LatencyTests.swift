import Testing

@testable import LymphFleet

struct LatencyTests {
    @Test func takesPercentilesByNearestRank() throws {
        let summary = try #require(LatencySummary((1...1000).reversed().map { .milliseconds($0) }))
        #expect(summary.minimum == .milliseconds(1))
        #expect(summary.percentile(50) == .milliseconds(500))
        #expect(summary.percentile(90) == .milliseconds(900))
        #expect(summary.percentile(99.9) == .milliseconds(999))
        #expect(summary.maximum == .milliseconds(1000))
        #expect(abs(summary.mean.inMilliseconds - 500.5) < 0.001)
        #expect(abs(summary.deviation.inMilliseconds - 288.675) < 0.001)
        #expect(LatencySummary([]) == nil)
    }

    @Test func oneTimeIsEveryPercentile() throws {
        let summary = try #require(LatencySummary([.milliseconds(7)]))
        #expect(LatencySummary.percentiles.allSatisfy { summary.percentile($0) == .milliseconds(7) })
        #expect(summary.deviation == .zero)
    }

    @Test func countsEachTimeOnce() {
        let times: [Duration] = [
            .zero, .microseconds(1), .microseconds(150), .microseconds(199), .microseconds(200), .milliseconds(3),
        ]
        let histogram = LatencyHistogram(times)
        #expect(histogram.buckets.map(\.count).reduce(0, +) == times.count)
        #expect(histogram.buckets.contains(.init(from: .microseconds(100), to: .microseconds(200), count: 2)))
        #expect(histogram.buckets.last == .init(from: .milliseconds(2), to: .milliseconds(5), count: 1))
        let bounds = histogram.buckets.map(\.from) + [.milliseconds(5)]
        #expect(zip(histogram.buckets, bounds.dropFirst()).allSatisfy { $0.to == $1 })
        #expect(LatencyHistogram([]).buckets.isEmpty)
    }

    @Test func mergesTheParts() {
        var result = LoadResult(times: [.seconds(1)])
        var other = LoadResult(times: [.seconds(2)])
        other.fail(FleetFailure(.refused, "no"))
        result.merge(other)
        result.merge(other)
        #expect(result.count == 5)
        #expect(result.failures == [.refused: 2])
    }

    @Test("the most frequent failure counts, unless it claims what isn't true of the others")
    func failure() {
        var result = LoadResult()
        #expect(result.failure == nil)
        for _ in 0..<3 { result.fail(FleetFailure(.notConnected, "away")) }
        #expect(result.failure == .notConnected)
        result.fail(FleetFailure(.unknownOutcome, "lost"))
        #expect(result.failure == .unknownOutcome)
        result.fail(FleetFailure(.timeout, "late"))
        #expect(result.failure == .timeout)
        for _ in 0..<2 { result.fail(FleetFailure(.unknownOutcome, "lost")) }
        #expect(result.failure == .unknownOutcome)
    }
}
