import Load
import Lymph

/// How far the deadlines that services in a row know differ from their caller's.
enum Drift {
    struct Result: Encodable, Sendable {
        /// The number of services on the way.
        let hops: Int
        /// The deviation from the caller's deadline, whichever way.
        let deviation: Spread
    }

    private static let services = 5

    static func measure(_ arguments: Arguments) async throws -> [Result] {
        let calls = arguments["calls", default: 1000]
        return try await withChain(of: services, arguments) { chain in
            _ = try await deviations(chain.first, after: .seconds(60))
            var samples = [[UInt64]](repeating: [], count: services)
            for call in 0..<calls {
                // A fraction of a millisecond each, because what is left is sent in whole ones.
                let timeout = Duration.microseconds(5_000_000 + call * 37 % 1000)
                for (hop, deviation) in try await deviations(chain.first, after: timeout).enumerated() {
                    samples[hop].append(deviation)
                }
            }
            return samples.enumerated().map { Result(hops: $0 + 1, deviation: Spread(nanoseconds: $1)) }
        }
    }

    private static func deviations(_ first: Proxy, after timeout: Duration) async throws -> [UInt64] {
        let deadline = now() + UInt64(timeout / .nanoseconds(1))
        let seen: [UInt64] = try await first.with(timeout: timeout).deadlines()
        guard seen.count == services else { fail("\(seen.count) services have answered") }
        return seen.map { max($0, deadline) - min($0, deadline) }
    }
}
