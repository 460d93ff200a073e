import Lymph
import LymphFleet
import Testing

@testable import LymphCLI

struct LoadReportTests {
    @Test func drawsWithinTheWidth() {
        let times = (0..<10_000).map { Duration.microseconds(90 + $0) }
        let lines = LatencyHistogram(times).lines(width: 80).plain
        #expect(lines.allSatisfy { $0.displayWidth <= 80 })
        #expect(lines.contains { $0.hasPrefix("   100 µs – 200 µs   100 ") })
    }

    @Test func tellsWhatHasFailed() throws {
        var result = LoadResult(times: [.milliseconds(1), .milliseconds(2)])
        result.fail(FleetFailure(.timeout, "late"))
        result.fail(FleetFailure(.timeout, "later"))
        result.fail(FleetFailure(.refused, "no"))
        #expect(result.failure == .timeout)
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
        result.fail(FleetFailure(.timeout, "late"))
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
}
