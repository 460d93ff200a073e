internal import Lymph
package import LymphTesting
internal import MessagePack

/// A fleet of two services and their callers, while things go wrong and after that.
package func simulateFleet(_ simulation: Simulation) async throws {
    // In some fleets processes restart and read slowly, and nothing gets lost.
    let isLossless = simulation.chance(0.2)
    let history = History(simulation, isLossless: isLossless)
    let handlers: PeerConfiguration.HandlerExecutor = simulation.chance(0.5) ? .poller : .pool
    let drainTimeout = Duration.milliseconds(isLossless ? 10_000 : simulation.draw(in: 0...3000))
    let limit = simulation.chance(0.2) ? 2 : 1000
    for name in ["a", "b", "c"].prefix(simulation.chance(0.3) ? 3 : 2) {
        var configuration = PeerConfiguration(handlerExecutor: handlers)
        configuration.drainDelay = .milliseconds(simulation.draw(in: 0...200))
        configuration.drainTimeout = drainTimeout
        configuration.maxConcurrentRequests = limit
        await simulation.node(name, configuration: configuration) { process in
            [.init(as: "work") { WorkService(process, simulation, history, limit: limit, $0) }]
        }
    }
    await simulation.disturb(with: isLossless ? .lossless : .swarm, for: .seconds(4)) {
        await withDiscardingTaskGroup { group in
            for number in 1...2 {
                let caller = Caller("c\(number)", simulation, history)
                group.addTask { await caller.run(calls: simulation.draw(in: 3...6)) }
            }
        }
    }
    // Peers that sat out get their turn again, and what was lost is found out.
    try await simulation.sleep(for: .seconds(12))
    await Caller("after", simulation, history).runAfterwards()
    await simulation.expectQuiet(within: .seconds(30))
    history.check()
}

/// Situations that the fleet of some seed must get into, or the simulation shows nothing.
package let situations: Set<String> = [
    "outcome answered", "outcome cancelled", "an idempotent call runs twice",
    "a call runs after its end",
]
