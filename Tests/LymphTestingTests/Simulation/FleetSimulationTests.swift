import FleetSimulation
import LymphTesting
import Testing

@Suite("Simulation", .timeLimit(.minutes(30)))
struct FleetSimulationTests {
    /// On two cores a debug build takes less than 90 s for them.
    private static let seeds: UInt64 = 10_000

    @Test("whatever goes wrong, fleets keep their promises, and recover")
    func fleets() async throws {
        let report = try await simulate(seeds: 0..<Self.seeds, mustReach: situations, simulateFleet)
        #expect(report.repeated >= report.seeds / 100)
    }
}
