internal import ArgumentParser
internal import FleetSimulation
internal import Glibc
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

    func validate() throws {
        guard !from.addingReportingOverflow(seeds).overflow else {
            throw ValidationError("there are no \(seeds) seeds from \(from) on: the last one is \(UInt64.max)")
        }
        guard threads > 0 else { throw ValidationError("--threads is \(threads); at least 1 is needed") }
    }

    func run() async throws {
        let begin = ContinuousClock.now
        let report = try await simulate(
            seeds: from..<from + seeds, mustReach: situations, threads: threads,
            progress: { count in
                guard count % 1000 == 0 else { return }
                print("\(count) seeds")
                // A file or a pipe would get them by the hundred.
                fflush(nil)
            }, simulateFleet)
        print(
            "\(report.seeds) seeds in \(ContinuousClock.now - begin), \(report.turns / max(report.seeds, 1)) turns each"
        )
        print("\(report.repeated) simulated twice with the same course; digest \(String(report.digest, radix: 16))")
        for (situation, count) in report.reached.sorted(by: { $0.key < $1.key }) { print("\(count)  \(situation)") }
    }
}
