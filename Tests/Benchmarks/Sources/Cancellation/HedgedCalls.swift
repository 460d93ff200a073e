import Load
import Lymph

/// How long the slowest calls to three instances take, one of which is slow now and then, with and without hedges.
enum HedgedCalls {
    struct Result: Encodable, Sendable {
        let hedging: String
        /// How long the calls took, in microseconds.
        let p50, p95, p99, p999: Double
        /// The calls, including those of the warm-up.
        let calls: Int
        /// How often the instances have begun the method, and how often one was slow.
        let executed, slow: Int
        /// The calls that were sent to a second instance, by the client's account.
        let hedges: Int
        /// The requests that their caller has cancelled, by the instances' account.
        let cancelled: Int
    }

    private static let settings: [(name: String, hedging: Hedging)] = [
        ("none", .never), ("p95", .afterPercentile(95)), ("p98", .afterPercentile(98)), ("p50", .afterPercentile(50)),
    ]
    /// The calls of each setting between those of the others, and those of the warm-up, in which a client learns what
    /// the method usually takes and that it is idempotent.
    private static let turn = 1000

    static func measure(_ arguments: Arguments) async throws -> [Result] {
        let calls = arguments["calls", default: 20_000]
        let lanes = arguments["outstanding", default: 8]
        return try await withFleets(settings.count) { fleets in
            var times = [Histogram](repeating: Histogram(), count: fleets.count)
            let proxies = zip(fleets, settings).map { $0.proxy.with(hedge: $1.hedging) }
            for proxy in proxies { _ = try await call(proxy, turn, lanes) }
            // In turns, so that all of them see the same machine.
            for begun in stride(from: 0, to: calls, by: turn) {
                for (number, proxy) in proxies.enumerated() {
                    for time in try await call(proxy, min(turn, calls - begun), lanes) { times[number].record(time) }
                }
            }
            return try await withClient(Client(registry: StaticRegistry())) { client in
                var results: [Result] = []
                for (number, fleet) in fleets.enumerated() {
                    let observer = Observer(client: client)
                    try await observer.awaitRest(of: [fleet.caller.endpoint] + fleet.instances)
                    var cancelled = 0
                    for instance in fleet.instances {
                        cancelled += try await observer.metric(
                            "lymph.server.cancelled", ("reason", "caller"), at: instance)
                    }
                    let hedges = try await observer.metric(
                        "lymph.client.retries", ("reason", "slow"), at: fleet.caller.endpoint)
                    func percentile(_ percent: Double) -> Double { times[number].microseconds(percentile: percent) }
                    results.append(
                        Result(
                            hedging: settings[number].name, p50: percentile(50), p95: percentile(95),
                            p99: percentile(99), p999: percentile(99.9), calls: calls + turn,
                            executed: await fleet.visits.executed, slow: await fleet.visits.slow, hedges: hedges,
                            cancelled: cancelled))
                }
                return results
            }
        }
    }

    /// Makes calls, one after the other in each lane.
    ///
    /// - Returns: How long each took.
    private static func call(_ proxy: Proxy, _ calls: Int, _ lanes: Int) async throws -> [UInt64] {
        try await withThrowingTaskGroup(of: [UInt64].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var times: [UInt64] = []
                    for key in 0..<(calls + lane) / lanes {
                        let started = now()
                        let answer: Int = try await proxy.get(key: key)
                        times.append(now() - started)
                        guard answer == key else { fail("a wrong answer: \(answer)") }
                    }
                    return times
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}
