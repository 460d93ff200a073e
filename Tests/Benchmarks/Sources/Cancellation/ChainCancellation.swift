import Load
import Lymph

/// How soon the innermost of three services in a row learns that the caller has given up, and whether anything is left
/// of the call.
enum ChainCancellation {
    struct Result: Encodable, Sendable {
        /// Of a plain call through all services, between the calls that are cancelled.
        let roundTrip: Spread
        /// From the cancellation of the caller's task until the innermost method goes on.
        let delay: Spread
        /// How many requests each service has seen cancelled by its caller.
        let cancelled: [Int]
        /// The calls that were answered afterwards.
        let answered: Int
    }

    private static let services = 3
    private static let callsAfterwards = 1000

    static func measure(_ arguments: Arguments) async throws -> Result {
        let calls = arguments["calls", default: 10_000]
        let lanes = (0..<arguments["outstanding", default: 8]).map { _ in Lane() }
        return try await withChain(of: services, arguments, lanes: lanes) { chain in
            let first = chain.first
            for number in 0..<100 { _ = try await roundTrip(first, number) }
            let figures = try await withThrowingTaskGroup(of: [Figures].self) { group in
                for (number, lane) in lanes.enumerated() {
                    let share = (calls + number) / lanes.count
                    group.addTask { try await cancel(share, of: first, number, lane) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            return try await withClient(Client(registry: StaticRegistry())) { client in
                let observer = Observer(client: client)
                try await observer.awaitRest(of: chain.nodes.map(\.endpoint))
                var cancelled: [Int] = []
                for node in chain.services {
                    cancelled.append(
                        try await observer.metric(
                            "lymph.server.cancelled", ("reason", "caller"), at: node.endpoint))
                }
                for number in 0..<callsAfterwards { _ = try await roundTrip(first, number) }
                return Result(
                    roundTrip: Spread(nanoseconds: figures.map(\.roundTrip)),
                    delay: Spread(nanoseconds: figures.map(\.delay)), cancelled: cancelled, answered: callsAfterwards)
            }
        }
    }

    private struct Figures {
        let roundTrip, delay: UInt64
    }

    /// Makes plain calls and calls that hang by turns, and cancels each of the latter.
    private static func cancel(_ calls: Int, of first: Proxy, _ number: Int, _ lane: Lane) async throws -> [Figures] {
        var figures: [Figures] = []
        for call in 0..<calls {
            let roundTrip = try await roundTrip(first, call)
            let hanging = Task {
                do { try await first.hang(lane: number) } catch is CancellationError { return } catch {
                    fail("\(error)")
                }
                fail("a call that hangs was answered")
            }
            await lane.beginning()
            let cancelled = now()
            hanging.cancel()
            figures.append(Figures(roundTrip: roundTrip, delay: await lane.end() - cancelled))
            await hanging.value
        }
        return figures
    }

    /// How long a plain call takes through all services.
    private static func roundTrip(_ first: Proxy, _ number: Int) async throws -> UInt64 {
        let started = now()
        let answer: Int = try await first.count(number: number)
        let time = now() - started
        guard answer == number + services else { fail("a wrong answer: \(answer)") }
        return time
    }
}
