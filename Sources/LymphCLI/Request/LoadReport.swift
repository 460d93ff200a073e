internal import Lymph
internal import LymphFleet

/// Describes the results of many requests, for people and for programs.
struct LoadReport {
    let result: LoadResult
    let concurrency: Int
    let elapsed: Duration

    private var throughput: Double { Double(result.times.count) / max(elapsed.inSeconds, 1e-9) }

    /// What a reader must know about the measurement.
    static let method = """
        Each time is measured from sending a request to receiving its answer. The first request, which finds the \
        service and connects to it, is not counted. A worker sends its next request when it has the answer to the \
        previous one: while the service is slow, fewer requests are sent, so callers that don't wait for each other \
        would see longer times than these.
        """

    func lines(width: Int) -> [Line] {
        var lines: [Line] = [
            "\(result.count) requests, \(concurrency) at a time, in \(elapsed.short)"
                + (result.times.isEmpty
                    ? "" : ": \(throughput.fixed(throughput < 100 ? 1 : 0)) answers per second" as Line)
        ]
        if let summary = LatencySummary(result.times) {
            var table = Table([.init(title: ""), .init(title: "", alignment: .right)])
            table.add(["  min", summary.minimum.short])
            for percent in LatencySummary.percentiles {
                table.add(["  " + Self.name(percent), summary.percentile(percent).short])
            }
            table.add(["  max", summary.maximum.short])
            table.add(["  mean", summary.mean.short])
            table.add(["  stddev", summary.deviation.short])
            lines += ["", Line("Latency", .bold)] + table.lines(width: width)
            lines += ["", Line("Distribution", .bold)]
            lines += LatencyHistogram(summary.sorted).lines(width: width)
        }
        if !result.failures.isEmpty {
            lines += ["", Line("Failures", .bold, .red)]
            for (kind, count) in sortedFailures {
                let share = (Double(count) / Double(result.count) * 100).fixed(2)
                lines.append("  \(kind.rawValue)  \(count)  (\(share) %)")
                if let example = result.examples[kind] {
                    lines += example.shown.wrapped(to: width - 6).map { Line("      " + $0) }
                }
            }
        }
        return lines + [""] + Self.method.wrapped(to: width).map { Line($0, .dim) }
    }

    var json: JSON {
        var members: [JSON.Member] = [
            .init(name: "concurrency", value: .integer(Int64(concurrency))),
            .init(
                name: "failures",
                value: .object(
                    sortedFailures.map { .init(name: $0.rawValue, value: .integer(Int64($1))) })),
            .init(name: "requests", value: .integer(Int64(result.count))),
            .init(name: "seconds", value: .double(elapsed.inSeconds)),
            .init(name: "throughput", value: .double(throughput)),
        ]
        if let summary = LatencySummary(result.times) {
            let latency =
                [
                    ("min", summary.minimum), ("max", summary.maximum), ("mean", summary.mean),
                    ("stddev", summary.deviation),
                ] + LatencySummary.percentiles.map { (Self.name($0), summary.percentile($0)) }
            members.append(
                .init(
                    name: "latency_ms",
                    value: .object(latency.map { .init(name: $0, value: .double($1.inMilliseconds)) })))
            let buckets = LatencyHistogram(summary.sorted).buckets
            members.append(
                .init(
                    name: "histogram",
                    value: .array(
                        buckets.map { bucket in
                            [
                                "from_ms": .double(bucket.from.inMilliseconds),
                                "to_ms": .double(bucket.to.inMilliseconds),
                                "count": .integer(Int64(bucket.count)),
                            ]
                        })))
        }
        return .object(members)
    }

    private var sortedFailures: [(FailureKind, Int)] {
        FailureKind.allCases.compactMap { kind in result.failures[kind].map { (kind, $0) } }
    }

    /// `p50`, `p99.9`
    private static func name(_ percent: Double) -> String {
        "p" + (percent == percent.rounded() ? String(Int(percent)) : String(percent))
    }
}
