import MessagePack
import Testing
import ZeroMQ

@testable import Lymph
@testable import LymphTesting

/// Callers that die, and callers whose connections break for a moment, while a service handles their requests.
@Suite("Absent callers in a simulation", .timeLimit(.minutes(5)))
struct AbsentCallerSimulationTests {
    private actor Work: Interface {
        private let simulation: Simulation
        /// When the request of a caller was cancelled.
        private let cancelled: Lock<[String: Duration]>

        init(_ simulation: Simulation, _ cancelled: Lock<[String: Duration]>) {
            (self.simulation, self.cancelled) = (simulation, cancelled)
        }

        private func linger(_ name: String) async throws {
            do { try await simulation.sleep(for: .seconds(25)) } catch {
                cancelled.withLock { $0[name] = simulation.time }
                throw error
            }
        }

        static let routes = Routes<Work> { RPC("linger", "name") { work, name in try await work.linger(name) } }
    }

    @Test("the requests of the dead are cancelled in time, and those of the living never")
    func fleets() async throws {
        try await simulate(seeds: 0..<300, mustReach: ["answered", "cancelled"]) { simulation in
            let cancelled = Lock<[String: Duration]>([:])
            let crash = Lock<Duration>(.zero)
            let isNoticed = simulation.chance(0.5)
            let configuration = PeerConfiguration(handlerExecutor: simulation.chance(0.5) ? .poller : .pool)
            await simulation.node("service", configuration: configuration) { _ in
                [.init(as: "work") { _ in Work(simulation, cancelled) }]
            }
            let endpoint = try #require(simulation.endpoint(of: "service"))
            @Sendable func linger(_ name: String, _ client: Client) async throws {
                let proxy = client.proxy(endpoint.description, interface: "work", timeout: .seconds(60))
                try await proxy.call("linger", name: name)
            }
            await withDiscardingTaskGroup { group in
                group.addTask {
                    await simulation.client("living") { client, _ in
                        async let answer: Void = linger("living", client)
                        for _ in 0..<4 {
                            try? await simulation.sleep(for: .milliseconds(simulation.draw(in: 100...5000)))
                            client.poller.submit { $0.transport.carryOut(.disconnect, on: endpoint) }
                        }
                        do {
                            try await answer
                            simulation.sometimes("answered")
                        } catch { simulation.fail("the living caller gets no answer: \(error)") }
                    }
                }
                group.addTask {
                    await simulation.client("mortal") { client, process in
                        async let answer: Void = linger("mortal", client)
                        try? await simulation.sleep(for: .milliseconds(simulation.draw(in: 100...5000)))
                        crash.withLock { $0 = simulation.time }
                        process.crash(isNoticed: isNoticed)
                        try? await answer
                    }
                }
            }
            await simulation.expectQuiet(within: .seconds(30))
            let ends = cancelled.withLock(\.self)
            if let time = ends["living"] { simulation.fail("the living caller's request is cancelled at \(time)") }
            guard let time = ends["mortal"] else {
                return simulation.fail("the dead caller's request is not cancelled")
            }
            simulation.sometimes("cancelled")
            // A crash that nobody notices breaks the connection after 8 s.
            let delay = time - crash.withLock(\.self) - (isNoticed ? .zero : .seconds(8))
            if delay < AbsentCallers.patience || delay > AbsentCallers.patience + .milliseconds(100) {
                simulation.fail("the dead caller's request is cancelled after \(delay)")
            }
        }
    }
}
