import Logging
import Lymph
import LymphTesting
import Testing
import ZeroMQ

@Suite("Test services", .timeLimit(.minutes(1)))
struct WithTestServiceTests {
    @Test("a service is there in one line")
    func oneLine() async throws {
        let text = try await withTestService(Upper.self) { upper -> String in try await upper.upper(text: "foo") }
        #expect(text == "FOO")
    }

    @Test("a service has a name, a version and settings")
    func naming() async throws {
        actor Settings: Interface {
            let context: InterfaceContext
            init(context: InterfaceContext) { self.context = context }
            static let routes = Routes<Settings> {
                RPC("all") { me in
                    ["\(me.name)", "\(me.context.version!)", try me.context.configuration.get("color") as String]
                }
            }
        }
        try await withTestService(Settings.self, as: "paint", version: "1.2.0", settings: ["color": "red"]) {
            paint, network in
            let mine: [String] = try await paint.all()
            let compatible: [String] = try await network.proxy("paint@1.1").all()
            #expect(mine == ["paint", "1.2.0", "red"])
            #expect(compatible == mine)
        }
    }

    @Test("a service gets what it needs, and its errors are the test's own")
    func dependencies() async throws {
        try await withTestService(ShopService.definition(), errors: [OutOfStock.self]) { shop, network in
            try await network.mock("stock.take", .fails(OutOfStock(sku: "pear")))
            await #expect(throws: OutOfStock(sku: "pear")) { try await shop.buy(sku: "pear") }
        }
    }

    @MainActor
    @Test("a test of the main actor runs there, and what it starts in the time of the network")
    func mainActor() async throws {
        var count = 0
        try await withTestService(ShopService.definition(), clock: .automatic) { shop, network in
            MainActor.assertIsolated()
            count += 1
            try await network.mock("stock.take", .returns(true).delayed(by: .milliseconds(500)))
            try await network.mock("billing.charge", .returns(5).delayed(by: .milliseconds(500)))
            #expect(try await shop.buy(sku: "a") == 5)
            #expect(network.clock.now.offset == .seconds(1))
        }
        #expect(count == 1)
    }

    @Test("what the test returns and throws comes out unchanged")
    func results() async throws {
        struct Mine: Error {}
        await #expect(throws: Mine.self) { try await withTestService(Upper.self) { _ in throw Mine() } }
        await #expect(throws: Mine.self) {
            try await withTestService(.init(as: "upper") { _ -> Upper in throw Mine() }) { _ in }
        }
    }
}
