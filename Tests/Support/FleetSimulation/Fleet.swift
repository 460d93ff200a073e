internal import Lymph
package import LymphTesting
internal import MessagePack

/// A fleet of two services and their callers, while things go wrong and after that.
package func simulateFleet(_ simulation: Simulation) async throws {
    let loss = [Loss.nothing, .requestsOfStopped, .anything][min(simulation.draw(in: 0...9), 2)]
    let history = History(simulation, loss)
    let handlers: PeerConfiguration.HandlerExecutor = simulation.chance(0.5) ? .poller : .pool
    let drainTimeout = Duration.milliseconds(loss != .anything ? 10_000 : simulation.draw(in: 0...3000))
    let limit = simulation.chance(0.35) ? simulation.draw(in: 1...2) : 1000
    for name in ["a", "b", "c"].prefix(simulation.chance(0.3) ? 3 : 2) {
        var configuration = PeerConfiguration(handlerExecutor: handlers)
        configuration.drainDelay = .milliseconds(simulation.draw(in: 0...200))
        configuration.drainTimeout = drainTimeout
        configuration.maxConcurrentRequests = limit
        await simulation.node(name, configuration: configuration) { process in
            [.init(as: "work") { WorkService(process, simulation, history, limit: limit, $0) }]
        }
    }
    let callers = (1...2).map { Caller("c\($0)", simulation, history) }
    await simulation.disturb(with: loss.plan, for: .seconds(4)) {
        await withDiscardingTaskGroup { group in
            for caller in callers {
                group.addTask { await caller.run(calls: simulation.draw(in: 3...5)) }
            }
        }
    }
    // Peers that sat out get their turn again, and what was lost is found out.
    try await simulation.sleep(for: .seconds(12))
    for caller in callers { await caller.runAfterwards() }
    await simulation.expectQuiet(within: .seconds(30))
    history.check()
}

/// Situations that the fleet of some seed must get into, or the simulation shows nothing.
package let situations: Set<String> = [
    "outcome answered", "outcome cancelled", "an idempotent call runs twice",
    "a call runs after its end",
]

/// What may get lost in a fleet.
enum Loss {
    case anything
    /// Requests that reach a service which has stopped.
    case requestsOfStopped
    case nothing

    var plan: FaultPlan {
        switch self {
        case .anything: .swarm
        case .requestsOfStopped: .lossless(restarts: true)
        case .nothing: .lossless(restarts: false)
        }
    }
}
