internal import ArgumentParser
internal import FleetSimulation
internal import LymphTesting

/// Simulates fleets, seed by seed, until one goes wrong.
@main
struct SimulationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Tests/Simulation/run", abstract: "Simulates fleets, seed by seed, until one goes wrong.")

    @Option(help: "How many seeds to simulate.")
    var seeds: UInt64 = 10_000

    @Option(help: "The first seed.")
    var from: UInt64 = 0

    @Option(help: "How many seeds to simulate at a time.")
    var threads = 2

    func run() async throws {
        let begin = ContinuousClock.now
        let report = try await simulate(
            seeds: from..<from + seeds, mustReach: situations, threads: threads,
            progress: { if $0 % 1000 == 0 { print("\($0) seeds") } }, simulateFleet)
        print(
            "\(report.seeds) seeds in \(ContinuousClock.now - begin), \(report.turns / max(report.seeds, 1)) turns each"
        )
        print("\(report.repeated) simulated twice with the same course; digest \(String(report.digest, radix: 16))")
        for (situation, count) in report.reached.sorted(by: { $0.key < $1.key }) { print("\(count)  \(situation)") }
    }
}
