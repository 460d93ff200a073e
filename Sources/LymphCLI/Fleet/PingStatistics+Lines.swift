internal import LymphFleet
internal import LymphService

extension PingStatistics {
    /// The exit status: success if there was any answer; interrupted if there was no result at all.
    var status: ExitStatus {
        if received > 0 { return .success }
        return sent == 0 ? .interrupted : lastFailure.map { Failure($0).status } ?? .failure
    }

    /// The lines for people, in the style of `ping`.
    func lines(of target: String) -> [Line] {
        var lines: [Line] = [
            "", Line("--- \(target) ping statistics ---", .bold),
            "\(sent) requests sent, \(received) answered, \((loss * 100).fixed(loss > 0 && loss < 0.1 ? 1 : 0)) % lost",
        ]
        if let summary = LatencySummary(times) {
            let values = [summary.minimum, summary.mean, summary.maximum, summary.deviation]
            let text = values.map { $0.inMilliseconds.fixed(3) }.joined(separator: "/")
            lines.append("round trip min/avg/max/mdev = \(text) ms")
        }
        return lines
    }
}
