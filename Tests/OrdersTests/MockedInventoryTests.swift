import Lymph
import LymphTesting
import Testing

@testable import Orders

@Suite("Orders and an inventory that doesn't always do what it should", .timeLimit(.minutes(1)))
struct MockedInventoryTests {
    private let apple = Line(sku: "apple", quantity: 2)
    private let pear = Line(sku: "pear")
    private let database: Database
    private let service: InterfaceDefinition

    init() throws {
        let database = try Database(path: nil)
        self.database = database
        service = InterfaceDefinition(as: "orders") { context in
            try OrdersService(context: context, database: database)
        }
    }

    @Test("the pieces of each line are taken")
    func taking() async throws {
        try await withTestService(service) { orders, network in
            try await network.mock("inventory.take", .returns(true))
            let order: Order = try await orders.place(lines: [apple, pear])
            #expect(order.id == 1)
            try network.expectCalls("inventory.take", with: ["sku": "apple", "quantity": 2], ["sku": "pear"])
        }
    }

    @Test("what was taken for an order that can't be filled is given back")
    func givingBack() async throws {
        try await withTestService(service, errors: [OutOfStock.self]) { orders, network in
            try await network.mock("inventory.take", .returns(true), .fails(OutOfStock(sku: "pear", left: 0)))
            try await network.mock("inventory.add", .returns(true))
            await #expect(throws: OutOfStock(sku: "pear", left: 0)) {
                try await orders.place(lines: [apple, pear])
            }
            try network.expectCalls(inOrder: "inventory.take", "inventory.take", "inventory.add")
            try network.expectCalls("inventory.add", with: ["sku": "apple", "quantity": 2])
            #expect(await database.orders.isEmpty)
        }
    }

    @Test("how much is left decides, line by line")
    func function() async throws {
        try await withTestService(service, errors: [OutOfStock.self]) { orders, network in
            try await network.mock("inventory.take") { arguments in
                let quantity: Int = try arguments.get("quantity")
                guard quantity < 2 else { throw OutOfStock(sku: try arguments.get("sku"), left: 1) }
                return true
            }
            let order: Order = try await orders.place(lines: [pear])
            #expect(order.lines == [pear])
            await #expect(throws: OutOfStock(sku: "apple", left: 1)) { try await orders.place(lines: [apple]) }
        }
    }

    @Test("an error that the inventory doesn't declare is one that the orders don't declare either")
    func undeclared() async throws {
        try await withTestService(service, logger: .silent) { orders, network in
            try await network.mock("inventory.take", .refuses(.failed))
            let error = await #expect(throws: LymphError.self) { try await orders.place(lines: [apple]) }
            #expect(error?.code == .nack)
            #expect(error?.reason == .failed)
            #expect(await database.orders.isEmpty)
        }
    }

    @Test("a silent inventory is given up after three seconds")
    func timeout() async throws {
        try await withTestService(service, clock: .automatic, logger: .silent) { orders, network in
            try await network.mock("inventory.take", .isSilent)
            await #expect(throws: LymphError.self) {
                try await orders.with(timeout: .seconds(10)).place(lines: [apple])
            }
            #expect((network.calls(of: "inventory.take").first?.error as? LymphError)?.code == .timeout)
            #expect(network.clock.now.offset == .seconds(3))
        }
    }

    @Test("a slow inventory is waited for")
    func slow() async throws {
        let clock = TestClock.manual
        try await withTestService(service, clock: clock) { orders, network in
            try await network.mock("inventory.take", .returns(true).delayed(by: .seconds(2)))
            let order = orders.place.defer(lines: [apple]) as Task<Order, any Error>
            await clock.advance(by: .seconds(1))
            #expect(await database.orders.isEmpty)
            await clock.advance(by: .seconds(1))
            #expect(try await order.value.lines == [apple])
        }
    }

    @Test("a request that an instance is too busy for goes to another one")
    func retry() async throws {
        try await withTestService(service) { orders, network in
            try await network.mock("inventory.take", instances: 2, .refuses(.overloaded), .returns(true))
            let _: Order = try await orders.place(lines: [apple])
            try network.expectCalls("inventory.take", count: 1)
            #expect(network.requestCount(of: "inventory.take") == 2)
        }
    }

    @Test("without an inventory there are no orders")
    func noInventory() async throws {
        try await withTestService(service, isStrict: false, logger: .silent) { orders, network in
            await #expect(throws: LymphError.self) { try await orders.place(lines: [apple]) }
            #expect((network.calls(of: "inventory.take").first?.error as? LymphError)?.code == .lookupFailure)
        }
    }

    @Test("an order is finished before the service stops")
    func stopping() async throws {
        let clock = TestClock.manual
        try await withTestNetwork(clock: clock) { network in
            let service = try await network.serve(service)
            try await network.mock("inventory.take", .returns(true).delayed(by: .seconds(2)))
            let order = network.proxy("orders").place.defer(lines: [apple]) as Task<Order, any Error>
            try await network.waitForCall("inventory.take")
            async let stop: Void = service.stop()
            await clock.advance(by: .seconds(2))
            try await stop
            #expect(try await order.value.id == 1)
        }
    }
}
