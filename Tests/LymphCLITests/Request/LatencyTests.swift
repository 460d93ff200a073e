import Testing

@testable import LymphCLI

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

    @Test func drawsWithinTheWidth() {
        let times = (0..<10_000).map { Duration.microseconds(90 + $0) }
        let lines = LatencyHistogram(times).lines(width: 80).plain
        #expect(lines.allSatisfy { $0.displayWidth <= 80 })
        #expect(lines.contains { $0.hasPrefix("   100 µs – 200 µs   100 ") })
    }

    @Test func tellsWhatHasFailed() throws {
        var result = LoadResult(times: [.milliseconds(1), .milliseconds(2)])
        result.fail(Failure(.timeout, "late"))
        result.fail(Failure(.timeout, "later"))
        result.fail(Failure(.refused, "no"))
        #expect(result.status == .timeout)
        let report = LoadReport(result: result, concurrency: 2, elapsed: .seconds(1))
        let text = report.lines(width: 80).plain.joined(separator: "\n")
        #expect(text.contains("5 requests, 2 at a time, in 1.00 s: 2.0 answers per second"))
        #expect(text.contains("timeout  2  (40.00 %)\n      late"))
        #expect(report.json["failures"]?.text == #"{"refused": 1, "timeout": 2}"#)
        #expect(report.json["latency_ms"]?["p99.9"] == .double(2))
        #expect(report.json["requests"] == 5)
    }

    @Test func aRunWithoutAnswersHasNoLatency() {
        var result = LoadResult()
        result.fail(Failure(.timeout, "late"))
        let report = LoadReport(result: result, concurrency: 1, elapsed: .zero)
        #expect(report.json["latency_ms"] == nil)
        #expect(report.lines(width: 80).plain.first == "1 requests, 1 at a time, in 0.00 µs")
    }

    @Test func theBarFitsTheLine() {
        let bar = ProgressBar(total: 100)
        #expect(bar.text(done: 50, elapsed: .seconds(1), width: 40).displayWidth == 39)
        #expect(bar.text(done: 100, elapsed: .seconds(1), width: 40).contains("100/100  100/s"))
        #expect(bar.text(done: 1, elapsed: .zero, width: 5).contains("1/100"))
    }

    @Test func mergesTheParts() {
        var result = LoadResult(times: [.seconds(1)])
        var other = LoadResult(times: [.seconds(2)])
        other.fail(Failure(.refused, "no"))
        result.merge(other)
        result.merge(other)
        #expect(result.count == 5)
        #expect(result.failures == [.refused: 2])
    }
}
