import MessagePack
import Synchronization
import Testing
import ZeroMQ

@testable import Lymph

extension Behaviour {
    /// Calls whose instance is slow are sent to a second one.
    @Suite("Hedges", .timeLimit(.minutes(1)))
    struct HedgeTests {
        /// Runs `body` with a client of a service with two instances, which both have been called.
        private func withTwo(
            _ medium: Medium, _ body: @Sendable (Client, [Poller], Visits) async throws -> Void
        ) async throws {
            try await withFixture(medium) { fixture in
                let visits = Visits()
                let containers = try (1...2).map { _ in
                    try fixture.container([.init(as: "shop") { _ in Shop(visits) }])
                }
                try await withServiceContainer(containers[0]) { first in
                    try await withServiceContainer(containers[1]) { second in
                        try await withClient(fixture.client()) { client in
                            for endpoint in [first, second] {
                                try await client.proxy("\(endpoint)", interface: "shop").call("ready")
                            }
                            try await body(client, containers.map(\.client.poller), visits)
                        }
                    }
                }
            }
        }

        @Test(
            "the second instance answers, and the first one's method is cancelled", arguments: Medium.allCases,
            [true, nil] as [Bool?])
        func slow(_ medium: Medium, _ isIdempotent: Bool?) async throws {
            try await withTwo(medium) { client, pollers, visits in
                let shop = client.proxy("shop", timeout: .seconds(3600))
                    .with(idempotent: isIdempotent, hedge: .after(.milliseconds(20)))
                let price: Int = try await shop.call("price")
                #expect(price == 2)
                try await eventually(within: .seconds(30)) {
                    for poller in pollers where await !poller.residue.isEmpty { return false }
                    return true
                }
                #expect(visits.cancelled.load(ordering: .relaxed) == 1)
                let cancelled = [await pollers[0].statistics, await pollers[1].statistics].map { $0.cancelled(.caller) }
                #expect(cancelled.reduce(0, +) == 1)
                #expect(await client.poller.statistics.hedges == 1)
                try await eventually { await client.poller.residue.isEmpty }
            }
        }

        @Test("a method that isn't idempotent is executed once, however long it takes", arguments: Medium.allCases)
        func notIdempotent(_ medium: Medium) async throws {
            try await withTwo(medium) { client, pollers, visits in
                let shop = client.proxy("shop", timeout: .seconds(3600)).with(hedge: .after(.milliseconds(1)))
                let call = TestTime.start { try await shop.call("buy") }
                // Both have said by then what they think of it.
                let poller = client.poller
                try await eventually(within: .seconds(30)) {
                    for server in pollers {
                        guard let peer = await server.endpoint,
                            await poller.peers.isIdempotent("shop.buy", at: peer) == false
                        else { return false }
                    }
                    return true
                }
                visits.going.trigger()
                _ = try await call.value
                #expect(visits.number.load(ordering: .relaxed) == 1)
                #expect(await poller.statistics.hedges == 0)
            }
        }

        @Test(
            "a percentile that is none is refused before anything is sent", arguments: [0, 100, -1, .nan] as [Double])
        func mistake(_ percentage: Double) async throws {
            try await withTwo(.inMemory) { client, _, visits in
                let shop = client.proxy("shop").with(idempotent: true, hedge: .afterPercentile(percentage))
                await expect(.invalidRequest, "percentile \(percentage)") { try await shop.call("price") }
                #expect(visits.number.load(ordering: .relaxed) == 0)
            }
        }

        @Test("the innermost scope decides", arguments: [true, false])
        func scopes(_ isInner: Bool) async throws {
            try await withTwo(.inMemory) { client, _, visits in
                let shop = client.proxy("shop", timeout: .seconds(5))
                let (outer, inner): (Hedging, Hedging) =
                    isInner ? (.never, .after(.milliseconds(20))) : (.after(.milliseconds(20)), .never)
                let price = await withCallOptions(hedge: outer) {
                    await withCallOptions(hedge: inner) { try? await shop.call("price").intValue }
                }
                #expect(price == (isInner ? 2 : nil))
            }
        }
    }
}

extension Statistics {
    /// How many calls were sent to a second instance.
    fileprivate var hedges: Int {
        all.first { $0.name == "lymph.client.retries" && $0.tags["reason"] == "slow" }?.value ?? 0
    }
}

/// What the instances of a service have done together.
private final class Visits: Sendable {
    let number = Atomic(0)
    let cancelled = Atomic(0)
    let going = ShutdownSignal()
}

/// Whichever instance is asked first takes for ever.
private actor Shop: Interface {
    private let visits: Visits

    init(_ visits: Visits) { self.visits = visits }

    static let routes = Routes<Shop> {
        RPC("ready") { _ in }
        RPC("price", idempotent: true) { shop in await shop.price() }
        RPC("buy") { shop in
            shop.visits.number.add(1, ordering: .relaxed)
            await shop.visits.going.wait()
        }
    }

    private func price() async -> Int {
        let number = visits.number.add(1, ordering: .relaxed).newValue
        if number == 1 {
            await ShutdownSignal().wait()
            visits.cancelled.add(Task.isCancelled ? 1 : 0, ordering: .relaxed)
        }
        return number
    }
}
