/// What many pings have come to.
struct PingStatistics: Equatable, Sendable {
    private(set) var sent = 0
    private(set) var times: [Duration] = []
    /// How the last ping failed that got no answer.
    private(set) var lastFailure: Failure?

    var received: Int { times.count }

    /// The share of the pings that got no answer, from 0 to 1.
    var loss: Double { sent == 0 ? 0 : Double(sent - received) / Double(sent) }

    mutating func succeed(after time: Duration) {
        sent += 1
        times.append(time)
    }

    mutating func fail(_ failure: Failure) {
        sent += 1
        lastFailure = failure
    }

    /// How the command ends: well if there was any answer. Without a single result it was interrupted before.
    var status: ExitStatus {
        if received > 0 { return .success }
        return sent == 0 ? .interrupted : lastFailure?.status ?? .failure
    }

    /// The lines for a person, as `ping` has them.
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

    func json(of target: String) -> JSON {
        var members: [JSON.Member] = [
            .init(name: "target", value: .string(target)), .init(name: "sent", value: .integer(Int64(sent))),
            .init(name: "received", value: .integer(Int64(received))), .init(name: "loss", value: .double(loss)),
        ]
        if let summary = LatencySummary(times) {
            members.append(
                .init(
                    name: "rtt_ms",
                    value: [
                        "min": .double(summary.minimum.inMilliseconds), "avg": .double(summary.mean.inMilliseconds),
                        "max": .double(summary.maximum.inMilliseconds),
                        "mdev": .double(summary.deviation.inMilliseconds),
                    ]))
        }
        return .object(members)
    }
}
