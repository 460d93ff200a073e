package import Lymph

/// The results of many pings.
package struct PingStatistics: Sendable {
    package private(set) var sent = 0
    package private(set) var times: [Duration] = []
    /// The last failure of a ping.
    package private(set) var lastFailure: (any Error)?

    package init() {}

    package var received: Int { times.count }

    /// The share of pings without an answer, from 0 to 1.
    package var loss: Double { sent == 0 ? 0 : Double(sent - received) / Double(sent) }

    package mutating func succeed(after time: Duration) {
        sent += 1
        times.append(time)
    }

    package mutating func fail(_ error: any Error) {
        sent += 1
        lastFailure = error
    }

    /// The document for programs.
    package func json(of target: String) -> JSON {
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
