internal import Lymph
package import LymphTesting
internal import MessagePack

/// A fleet of two services and their callers, while things go wrong and after that.
package func simulateFleet(_ simulation: Simulation) async throws {
    let loss: Loss = simulation.chance(0.1) ? .nothing : simulation.chance(0.3) ? .requestsOfStopped : .anything
    let history = History(simulation, loss)
    // Answers of services that stop should have to wait now and then.
    if loss == .requestsOfStopped { simulation.connectionCapacity = 1 }
    let handlers: PeerConfiguration.HandlerExecutor = simulation.chance(0.5) ? .poller : .pool
    let drainTimeout = Duration.milliseconds(loss != .anything ? 10_000 : simulation.draw(in: 0...3000))
    let limit = simulation.chance(0.35) ? simulation.draw(in: 1...2) : 1000
    for name in ["a", "b", "c"].prefix(simulation.chance(0.1) ? 3 : 2) {
        var configuration = PeerConfiguration(handlerExecutor: handlers)
        configuration.drainDelay = .milliseconds(simulation.draw(in: 0...200))
        configuration.drainTimeout = drainTimeout
        configuration.maxConcurrentRequests = limit
        await simulation.node(name, configuration: configuration) { process in
            [.init(as: "work") { WorkService(process, simulation, history, limit: limit, $0) }]
        }
    }
    let callers = (1...2).map { Caller("c\($0)", simulation, history) }
    await simulation.disturb(with: loss.plan, for: loss == .requestsOfStopped ? .seconds(1.5) : .seconds(4)) {
        await withDiscardingTaskGroup { group in
            for caller in callers { group.addTask { await caller.run() } }
        }
    }
    // Peers that sat out get their turn again, and what was lost is found out.
    try await simulation.sleep(for: .seconds(8))
    for caller in callers { await caller.runAfterwards() }
    await simulation.expectQuiet(within: .seconds(30))
    history.check()
}

/// Situations that the fleet of some seed must get into, or the simulation shows nothing.
package let situations: Set<String> = [
    "a call runs after its end", "a method is cancelled before its deadline",
    "a method is cancelled by its deadline", "lymph.server.cancelled caller", "lymph.server.cancelled deadline",
    "lymph.server.requests nack_expired", "an idempotent call runs twice", "outcome answered", "outcome cancelled",
    "outcome error(connectionLost, unknown)", "outcome error(lookupFailure, none)", "outcome error(nack, none)",
    "outcome error(nack, unknown)", "outcome error(notConnected, none)", "outcome error(notConnected, unknown)",
    "outcome error(stopped, none)", "outcome error(stopped, unknown)", "outcome error(timeout, unknown)",
    "lymph.client.retries slow", "lymph.client.retries unanswered", "lymph.connections unresponsive",
    "lymph.connections unreachable",
    "lymph.dropped undeliverable", "lymph.dropped unknown_reply", "lymph.server.requests nack_draining",
    "lymph.server.requests nack_failed", "lymph.server.requests nack_overloaded", "fault loss", "fault duplication",
    "fault delay", "fault partition", "fault partition one way", "fault slow reader", "fault freeze", "fault crash",
    "fault crash unnoticed", "fault restart at its port", "fault restart elsewhere", "fault expiry",
    "fault late registry", "fault jump",
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
