import Lymph
import Testing

@testable import LymphTesting

@Suite("Test networks", .timeLimit(.minutes(1)))
struct TestNetworkTests {
    @Test("services of several containers and versions call each other")
    func several() async throws {
        actor Two: Interface {
            static let routes = Routes<Two> { RPC("upper", "text") { (_, text: String) in text + "2" } }
        }
        try await withTestNetwork { network in
            try await network.serve(
                .init(Upper.self, version: "1.0.0"), .init(Two.self, as: "upper", version: "2.0.0"))
            try await network.serve(.init(Upper.self, version: "1.1.0"))
            #expect(await network.registry.services() == ["lymph", "upper"])
            #expect(try await network.proxy("upper@1.1").upper(text: "a") == "A")
            #expect(try await network.proxy("upper", version: "2").upper(text: "a") == "a2")
        }
    }

    @Test("a service that stops answers what it has begun; its callers go to another instance")
    func stopping() async throws {
        let clock = TestClock.manual
        try await withTestNetwork(clock: clock) { network in
            let first = try await network.serve(ShopService.definition(clock))
            let shop = network.proxy("shop")
            async let nap: Void = shop.nap(seconds: 2)
            try await network.waitForCall("shop.nap")
            async let stop: Void = first.stop()
            await clock.settle()
            try await network.serve(ShopService.definition(clock))
            async let other: Void = shop.nap(seconds: 1)
            await clock.advance(by: .seconds(2))
            _ = try await (nap, stop, other)
            #expect(clock.now.offset == .seconds(2))
            #expect(network.requestCount(of: "shop.nap") == 2)
        }
    }

    @Test("a service that is killed doesn't finish what it has begun")
    func killing() async throws {
        let clock = TestClock.manual
        try await withTestNetwork(clock: clock) { network in
            let service = try await network.serve(ShopService.definition(clock))
            let nap = network.proxy("shop").nap.defer(seconds: 2)
            await clock.settle()
            try await service.kill()
            await #expect(throws: LymphError.self) { try await nap.value }
            #expect(clock.now.offset == .zero)
        }
    }

    @Test("a network that has ended leaves nothing behind, not even requests that were never answered")
    func memory() async throws {
        weak var client: Client?
        try await withTestNetwork { network in
            client = network.client
            try await network.serve(.init(Upper.self))
            try await network.mock("stock.take", .isSilent)
            let call = network.proxy("stock").take.defer()
            await network.clock.settle()
            call.cancel()
            _ = await call.result
        }
        // Tasks that have ended let go of it in their own time.
        while client != nil { await Task.yield() }
    }

    @Test("each network has its own clock")
    func clocks() async throws {
        let clock = TestClock.manual
        try await withTestNetwork(clock: clock) { _ in }
        await #expect(throws: TestFailure.self) { try await withTestNetwork(clock: clock) { _ in } }
    }

    @Test("everything happens in the same order every time")
    func order() async throws {
        var digests: Set<UInt64> = []
        for _ in 0..<5 {
            let digest = try await withTestService(ShopService.definition(), clock: .automatic) { shop, network in
                try await network.mock("stock.take", .returns(true).delayed(by: .milliseconds(20)))
                try await network.mock("billing.charge", .returns(5))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for sku in ["a", "b", "c"] { group.addTask { let _: Int = try await shop.buy(sku: sku) } }
                    try await group.waitForAll()
                }
                return network.clock.scheduler.digest
            }
            digests.insert(digest)
        }
        #expect(digests.count == 1)
    }

    @Test("a cancelled test ends, and its services stop")
    func cancellation() async throws {
        let task = Task {
            try await withTestNetwork { network in
                try await network.mock("stock.take", .isSilent)
                try await network.proxy("stock").take()
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
