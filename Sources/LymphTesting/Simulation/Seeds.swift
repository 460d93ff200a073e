internal import Lymph
internal import ZeroMQ

/// The seeds of simulations.
public enum Seeds {
    /// The seeds from 0 to a count, or the one of the environment variable `LYMPH_SEED`, to repeat a failure. It traps if
    /// that is not a seed.
    public static func `default`(_ count: UInt64) -> [UInt64] {
        given.map { [$0] } ?? Array(0..<count)
    }

    /// The seed of the environment variable `LYMPH_SEED`.
    static var given: UInt64? { ProcessEnvironment["LYMPH_SEED"].map(seed(from:)) }

    static func seed(from text: String) -> UInt64 {
        guard let seed = UInt64(text) else {
            preconditionFailure("LYMPH_SEED is \(text.debugDescription); a seed is a number from 0 to \(UInt64.max)")
        }
        return seed
    }
}

/// What the simulations of many seeds have in common.
public struct SimulationReport: Sendable {
    /// How many seeds were simulated.
    public fileprivate(set) var seeds = 0
    /// In how many of them a situation was reached.
    public fileprivate(set) var reached: [String: Int] = [:]
    /// How many seeds were simulated a second time, with the same course.
    public fileprivate(set) var repeated = 0
    /// The pieces of work of all seeds.
    public fileprivate(set) var turns = 0
    /// A digest of all courses.
    public fileprivate(set) var digest: UInt64 = 0

    fileprivate init() {}
}

/// The situations that no seed has reached.
public struct UnreachedSituations: Error, Sendable, CustomStringConvertible {
    /// Their names.
    public let situations: [String]
    /// How many seeds were simulated.
    public let seeds: Int
    /// What was reached.
    public let reached: [String]

    /// Names them.
    public var description: String {
        """
        none of \(seeds) seeds has reached: \(situations.joined(separator: "; "))
        reached were: \(reached.isEmpty ? "none" : reached.joined(separator: "; "))
        """
    }
}

/// Simulates many seeds, on several threads.
///
/// Every hundredth seed is simulated twice, and must have the same course both times.
///
/// - Parameters:
///   - seeds: The seeds. If the environment variable `LYMPH_SEED` is set, only that one.
///   - mustReach: Situations of which each must be reached by at least one seed; see ``Simulation/sometimes(_:)``.
///   - threads: How many seeds are simulated at a time.
///   - progress: Called after some seeds, with how many there were so far.
///   - body: The scenario.
/// - Throws: The first ``SimulationFailure``, or ``UnreachedSituations``.
@discardableResult
public func simulate(
    seeds: Range<UInt64>, mustReach: Set<String> = [], threads: Int = 2,
    progress: (@Sendable (Int) -> Void)? = nil,
    _ body: @escaping @Sendable (Simulation) async throws -> Void
) async throws -> SimulationReport {
    let given = Seeds.given
    let (first, count) = given.map { ($0, 1) } ?? (seeds.lowerBound, seeds.upperBound - seeds.lowerBound)
    let report = try await withThrowingTaskGroup(of: SimulationReport.self) { group in
        let next = Lock<UInt64>(0)
        for _ in 0..<max(threads, 1) {
            group.addTask(executorPreference: globalConcurrentExecutor) {
                var report = SimulationReport()
                while !Task.isCancelled {
                    let number = next.withLock { next in
                        defer { next += 1 }
                        return next
                    }
                    guard number < count else { break }
                    try report.add(first + number, body)
                    if number % 100 == 99 { progress?(Int(number) + 1) }
                }
                return report
            }
        }
        return try await group.reduce(into: SimulationReport()) { $0.add($1) }
    }
    let missing = mustReach.subtracting(report.reached.keys)
    if given == nil, !missing.isEmpty {
        throw UnreachedSituations(
            situations: missing.sorted(), seeds: report.seeds, reached: report.reached.keys.sorted())
    }
    return report
}

extension SimulationReport {
    fileprivate mutating func add(
        _ seed: UInt64, _ body: @escaping @Sendable (Simulation) async throws -> Void
    ) throws {
        let run = SimulationRun(seed: seed, body)
        guard run.findings.isEmpty else { throw SimulationFailure(seed: seed, run.narrowed(seed, body)) }
        if seed % 100 == 0 || Seeds.given != nil {
            let other = SimulationRun(seed: seed, body)
            guard other.digest == run.digest else { throw SimulationFailure(seed: seed, run.differing(from: other)) }
            repeated += 1
        }
        seeds += 1
        turns += run.turns
        digest ^= run.digest &* (2 &* seed &+ 1)
        for situation in run.reached { reached[situation, default: 0] += 1 }
    }

    fileprivate mutating func add(_ other: SimulationReport) {
        seeds += other.seeds
        repeated += other.repeated
        turns += other.turns
        digest ^= other.digest
        reached.merge(other.reached) { $0 + $1 }
    }
}
