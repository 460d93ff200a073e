import Lymph
import Testing
import ZeroMQ

@testable import LymphTesting

/// Thousands of simulations and tests run in one process, so none may stay in memory.
@Suite("Memory", .timeLimit(.minutes(1)))
struct ReleaseTests {
    /// Objects, and how many of them are alive.
    private final class Census: Sendable {
        private struct Member: Sendable {
            weak let object: (any AnyObject & Sendable)?
        }

        private let members = Lock<[Member]>([])

        func add(_ object: any AnyObject & Sendable) {
            let member = Member(object: object)
            members.withLock { $0.append(member) }
        }

        var count: Int { members.withLock(\.count) }
        var alive: [String] { members.withLock { $0.compactMap { $0.object.map { "\(type(of: $0))" } } } }
    }

    /// Knows its process, as most services of simulations do.
    private actor Simulated: Interface {
        private let process: SimulatedProcess

        init(_ process: SimulatedProcess) { self.process = process }

        static let routes = Routes<Simulated> {
            RPC("upper", "text") { (_, text: String) in text.uppercased() }
        }
    }

    @Test("nothing of a simulation stays, whatever went wrong in it", arguments: 0..<20 as Range<UInt64>)
    func simulation(seed: UInt64) throws {
        let census = Census()
        try simulate(seed) { simulation in
            census.add(simulation)
            census.add(simulation.scheduler)
            for name in ["a", "b"] {
                let node = await simulation.node(name) { process in
                    census.add(process)
                    return [
                        .init(as: "echo") { context in
                            let echo = Simulated(process)
                            census.add(echo)
                            census.add(context.client)
                            return echo
                        }
                    ]
                }
                census.add(node)
            }
            await simulation.disturb(for: .seconds(4)) {
                await simulation.client("caller") { client, process in
                    census.add(client)
                    census.add(process)
                    for _ in 0..<10 { _ = try? await client.proxy("echo").call("upper", text: "a") }
                }
            }
        }
        #expect(census.count >= 11)
        #expect(census.alive.isEmpty)
    }

    @Test("nothing of a test network stays")
    func network() async throws {
        let census = Census()
        try await withTestService(ShopService.definition()) { shop, network in
            census.add(network)
            census.add(network.client)
            census.add(network.clock)
            census.add(network.clock.scheduler)
            try await network.mock("stock.take", .returns(true))
            try await network.mock("billing.charge", .returns(5))
            let price: Int = try await shop.buy(sku: "a")
            #expect(price == 5)
        }
        // The task that drove the clock may end a moment later.
        let end = Instant.now + .seconds(10)
        while !census.alive.isEmpty, Instant.now < end { try await Task.sleep(for: .milliseconds(2)) }
        #expect(census.alive.isEmpty)
    }
}
