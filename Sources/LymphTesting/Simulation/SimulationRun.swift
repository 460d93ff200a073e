internal import CTaskHooks
internal import Glibc
internal import ZeroMQ

/// One run of a simulation.
struct SimulationRun: Sendable {
    /// What is wrong; empty if nothing is.
    private(set) var findings: [String]
    /// Equal for equal runs.
    let digest: UInt64
    let reached: Set<String>
    let events: [String]
    let faults: [Fault]
    /// The pieces of work that have run.
    let turns: Int

    /// The time after which a simulation counts as endless.
    private static let limit = Duration.seconds(3600)

    /// Runs a simulation on this thread.
    init(
        seed: UInt64, faults: [Fault]? = nil, _ body: @escaping @Sendable (Simulation) async throws -> Void
    ) {
        let simulation = Simulation(seed: seed, faults: faults)
        let scheduler = simulation.scheduler
        task_hooks_begin(seed)
        let isOver = Lock(false)
        let task = Task(executorPreference: scheduler.executor) {
            do { try await body(simulation) } catch { simulation.fail("\(error)") }
            await simulation.end()
            isOver.withLock { $0 = true }
        }
        scheduler.run()
        let end = scheduler.now + Self.limit
        while !isOver.withLock(\.self), scheduler.step(until: end) {}
        if !isOver.withLock(\.self) {
            simulation.fail(
                "it has not ended: something waits for what isn't simulated, or for ever (within \(Self.limit))")
            task.cancel()
        } else {
            scheduler.advance(by: .seconds(60))
            if scheduler.sleeperCount > 0 {
                simulation.fail("\(scheduler.sleeperCount) tasks still sleep after the end")
            }
        }
        let poolJobs = task_hooks_end()
        if scheduler.strayTurns > 0 || poolJobs > 0 {
            simulation.fail(
                """
                something escapes the simulation: \(poolJobs) jobs went to the shared thread pool, \
                \(scheduler.strayTurns) came from other threads (a Task {}, Task.sleep, Dispatch)
                """)
        }
        findings = simulation.findings
        digest = scheduler.digest
        reached = simulation.reached
        events = simulation.trace.last
        self.faults = simulation.faults
        turns = scheduler.turns
        simulation.release()
    }
}

extension SimulationRun {
    /// The run with the finding that it had another course than before.
    func differing(from other: SimulationRun) -> SimulationRun {
        var copy = self
        copy.findings.append(
            """
            simulated twice, it has taken different courses (\(turns) and \(other.turns) turns): it depends on something \
            else than the seed, such as the order of a set, an address or the real time
            """)
        return copy
    }
}
