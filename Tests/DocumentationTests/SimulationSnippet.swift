import Lymph
import LymphTesting
import Testing

// The code of the article "Simulate your fleet", so that it is compiled and run.
@Suite("The fleet of the article", .timeLimit(.minutes(5)))
struct SimulationSnippet {
    actor Greeter: Interface {
        static let routes = Routes<Greeter> {
            RPC("greet", "name") { (_, name: String) in "Hello, \(name)" }
        }
    }

    @Test("whatever goes wrong, the fleet recovers", arguments: Seeds.default(100))
    func recovers(seed: UInt64) throws {
        try simulate(seed) { simulation in
            for name in ["a", "b"] {
                await simulation.node(name) { _ in [.init(Greeter.self, as: "greeter")] }
            }
            await simulation.disturb(for: .seconds(5)) {
                await simulation.client("caller") { client, _ in
                    for _ in 0..<10 {
                        // May fail while things go wrong.
                        _ = try? await client.proxy("greeter", timeout: .seconds(1)).call("greet", name: "Ada")
                    }
                }
            }
            try await simulation.sleep(for: .seconds(10))
            await simulation.client("later caller") { client, _ in
                do {
                    let text: String = try await client.proxy("greeter").call("greet", name: "Ada")
                    if text != "Hello, Ada" { simulation.fail("a wrong answer: \(text)") }
                } catch {
                    simulation.fail("it has not recovered: \(error)")
                }
            }
            await simulation.expectQuiet(within: .seconds(30))
        }
    }
}
