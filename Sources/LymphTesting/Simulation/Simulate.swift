/// Runs a fleet in virtual time on this thread, with a course that depends only on the seed.
///
/// ```swift
/// @Test(arguments: Seeds.default(1000))
/// func everyCallEnds(seed: UInt64) throws {
///     try simulate(seed) { sim in
///         await sim.node("a") { _ in [.init(EchoService.self, as: "echo")] }
///         await sim.disturb(for: .seconds(10)) {
///             await sim.client("caller") { client, _ in
///                 _ = try? await client.proxy("echo").call("upper", text: "foo")
///             }
///         }
///         await sim.expectQuiet(within: .seconds(30))
///     }
/// }
/// ```
///
/// All code of the fleet runs one piece at a time, in an order drawn from the seed. Waiting costs nothing: when nothing
/// can run, the time advances to what is next due. What is not part of the simulation (`Task {}`, `Task.sleep`, Dispatch,
/// threads) would make the course depend on the machine, so it fails the seed. Code under test sleeps with
/// ``Simulation/sleep(for:)``.
///
/// - Parameters:
///   - seed: What everything random depends on.
///   - body: The scenario.
/// - Throws: ``SimulationFailure`` if anything is wrong.
public func simulate(_ seed: UInt64, _ body: @escaping @Sendable (Simulation) async throws -> Void) throws {
    let run = SimulationRun(seed: seed, body)
    if !run.findings.isEmpty { throw SimulationFailure(seed: seed, run.narrowed(seed, body)) }
}

/// A seed whose simulation went wrong.
public struct SimulationFailure: Error, Sendable {
    /// The seed.
    public let seed: UInt64
    /// What is wrong.
    public let findings: [String]
    /// The last events before the end.
    public let events: [String]
    /// The faults without which it doesn't happen.
    public let faults: [Fault]

    init(seed: UInt64, _ run: SimulationRun) {
        self.seed = seed
        findings = run.findings
        events = run.events
        faults = run.faults
    }
}

extension SimulationFailure: CustomStringConvertible {
    /// Everything that helps to understand it.
    public var description: String {
        """
        seed \(seed): \(findings.prefix(10).joined(separator: "\n  "))
        faults without which it doesn't happen: \(faults.isEmpty ? "none" : "")
        \(faults.map { "  \($0)" }.joined(separator: "\n"))
        the last events:
        \(events.map { "  \($0)" }.joined(separator: "\n"))
        Run this seed alone: LYMPH_SEED=\(seed)
        """
    }
}

extension SimulationRun {
    /// The run with the fewest faults that still goes wrong: leaves out halves, then smaller parts.
    func narrowed(_ seed: UInt64, _ body: @escaping @Sendable (Simulation) async throws -> Void) -> SimulationRun {
        var best = self
        var size = (best.faults.count + 1) / 2
        while size > 0 {
            var start = 0
            while start < best.faults.count {
                var fewer = best.faults
                fewer.removeSubrange(start..<min(start + size, fewer.count))
                let run = SimulationRun(seed: seed, faults: fewer, body)
                if run.findings.isEmpty { start += size } else { best = run }
            }
            size /= 2
        }
        return best
    }
}
