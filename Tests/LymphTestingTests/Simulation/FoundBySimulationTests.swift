import Lymph
import LymphTesting
import Testing

import class ZeroMQ.Lock

/// What simulated fleets have found, each in the smallest fleet that shows it.
@Suite("What simulation has found", .timeLimit(.minutes(5)))
struct FoundBySimulationTests {
    private actor Work: Interface {
        let process: SimulatedProcess
        let simulation: Simulation
        let executions: Lock<Int>

        init(_ process: SimulatedProcess, _ simulation: Simulation, _ executions: Lock<Int>) {
            (self.process, self.simulation, self.executions) = (process, simulation, executions)
        }

        static let routes = Routes<Work> {
            RPC("greet") { _ in }
            RPC("occupy") { work in try await work.simulation.sleep(for: .seconds(60)) }
            RPC("block") { work in
                work.executions.withLock { $0 += 1 }
                work.process.freeze(for: .seconds(30))
            }
        }
    }

    /// An idempotent call that one instance had executed, without an answer, was retried and then refused by another.
    /// Its error said that nothing had run.
    @Test("a refusal by one instance doesn't hide that another may have executed the call")
    func refusedAfterExecution() async throws {
        try await simulate(seeds: 0..<20, mustReach: ["refused after execution"]) { simulation in
            let executions = Lock(0)
            for name in ["a", "b"] {
                let configuration = PeerConfiguration(maxConcurrentRequests: name == "a" ? 1000 : 1)
                await simulation.node(name, configuration: configuration) { process in
                    [.init(as: "work") { _ in Work(process, simulation, executions) }]
                }
            }
            let idle = try #require(simulation.endpoint(of: "a")?.description)
            let busy = try #require(simulation.endpoint(of: "b")?.description)
            await simulation.client("caller") { client, _ in
                // Connects to both, so that the idle one is preferred.
                _ = try? await client.proxy(idle, interface: "work").call("greet")
                async let occupied = client.proxy(busy, interface: "work", timeout: .seconds(50)).call("occupy")
                try? await simulation.sleep(for: .seconds(1))
                do {
                    try await client.proxy("work", timeout: .seconds(20)).with(idempotent: true).call("block")
                    simulation.fail("an instance that blocks has answered")
                } catch let error as LymphError {
                    let isExecuted = executions.withLock { $0 } > 0
                    if isExecuted, error.reason == .overloaded { simulation.sometimes("refused after execution") }
                    simulation.sometimes("\(error.code) \(error.reason?.description ?? "") \(isExecuted)")
                    if isExecuted, error.execution == .none {
                        simulation.fail("it was executed, but its error says that it wasn't: \(error)")
                    }
                } catch { simulation.fail("\(error)") }
                _ = try? await occupied
            }
        }
    }
}
