import Lymph
import LymphTesting
import Testing

@testable import Orders

@Suite("The orders of the shop", .timeLimit(.minutes(1)))
struct OrdersTests {
    /// Runs the shop with its inventory.
    private func withShop(_ stock: [String: Int], _ body: (_ orders: Proxy, Database) async throws -> Void) async throws
    {
        let database = try Database(path: nil)
        for (sku, quantity) in stock { await database.add(quantity, of: sku) }
        try await withTestNetwork { network in
            try await network.serve(
                .init(as: "inventory") { context in InventoryService(context: context, database: database) },
                .init(as: "orders", configuration: ["max_lines": 2]) { context in
                    try OrdersService(context: context, database: database)
                })
            try await body(network.proxy("orders", errors: [OutOfStock.self]), database)
        }
    }

    @Test("an order takes its pieces out of the stock")
    func place() async throws {
        try await withShop(["apple": 3]) { orders, database in
            let order: Order = try await orders.place(lines: [Line(sku: "apple", quantity: 2)], note: "soon")
            #expect(order == Order(id: 1, lines: [Line(sku: "apple", quantity: 2)], note: "soon"))
            #expect(await database.stock(of: "apple") == 1)
            #expect(await database.orders == [order])
        }
    }

    @Test("an order that can't be filled takes nothing")
    func outOfStock() async throws {
        try await withShop(["apple": 3, "pear": 1]) { orders, database in
            await #expect(throws: OutOfStock(sku: "pear", left: 1)) {
                try await orders.place(lines: [Line(sku: "apple"), Line(sku: "pear", quantity: 2)])
            }
            #expect(await database.stock(of: "apple") == 3)
            #expect(await database.orders.isEmpty)
        }
    }

    @Test("an order has as many lines as the configuration allows")
    func tooManyLines() async throws {
        try await withShop([:]) { orders, _ in
            let error = await #expect(throws: LymphError.self) {
                try await orders.place(lines: ["a", "b", "c"].map { Line(sku: $0) })
            }
            #expect(error?.reason == .rejected)
            #expect(error?.message.contains("an order has 1 to 2 lines, not 3") == true)
        }
    }

    @Test("the actor alone, with an inventory that a function plays")
    func alone() async throws {
        let client = Client.fake { call in
            guard call.subject == "inventory.take" else { throw LymphError(.lookupFailure, call.subject) }
            return true
        }
        let orders = try OrdersService(
            context: InterfaceContext(name: "orders", client: client), database: Database(path: nil))
        let order = try await orders.place([Line(sku: "apple")], note: nil)
        #expect(order.id == 1)
    }
}
