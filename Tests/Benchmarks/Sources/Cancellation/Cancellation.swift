import Foundation
import Load

/// What becomes of calls whose callers give up. Everything runs in one process, over sockets, so that one clock measures
/// both ends.
///
/// `--measure` says what, `--calls` how often, `--handlers` where methods run (`poller` or `pool`), and `--busy` how many
/// threads compete for the processors. Prints one line of JSON; ends with an error if something is lost, left over or
/// answered wrongly.
@main
struct Cancellation {
    private static let measurements: [String: @Sendable (Arguments) async throws -> any Encodable] = [
        "chain": { try await ChainCancellation.measure($0) },
        "drift": { try await Drift.measure($0) },
        "hedging": { try await HedgedCalls.measure($0) },
        "queue": { try await ExpiryInQueue.measure($0) },
    ]

    static func main() async throws {
        let arguments = Arguments()
        let name = arguments["measure", default: "chain"]
        guard let measure = measurements[name] else { fail("there is no measurement \(name)") }
        for _ in 0..<arguments["busy", default: 0] { Thread.detachNewThread { while true { _ = now() } } }
        say(String(decoding: try JSONEncoder().encode(try await measure(arguments)), as: UTF8.self))
    }
}
