import Lymph

/// Takes orders, for as many pieces as the inventory has.
actor OrdersService: Interface {
    struct Settings: ConfigurationSection {
        var maxLines = 5
    }

    let context: InterfaceContext
    private let database: Database
    private let settings: Settings

    init(context: InterfaceContext, database: Database) throws {
        self.context = context
        self.database = database
        settings = try context.configuration.decode()
    }

    func place(_ lines: [Line], note: String?) async throws -> Order {
        guard 1...settings.maxLines ~= lines.count else {
            throw Refusal(.rejected, "an order has 1 to \(settings.maxLines) lines, not \(lines.count)")
        }
        let inventory = proxy("inventory", errors: [OutOfStock.self])
        var taken: [Line] = []
        do {
            for line in lines {
                try await inventory.take(sku: line.sku, quantity: line.quantity)
                taken.append(line)
            }
        } catch {
            // All or nothing.
            for line in taken { try await inventory.add(sku: line.sku, quantity: line.quantity) }
            throw error
        }
        return await database.place(lines, note: note)
    }

    static var routes: Routes<OrdersService> {
        RPC("place", "lines", "note", raises: OutOfStock.self, help: "Places an order, or nothing at all.") {
            (orders, lines: [Line], note: String?) in
            try await orders.place(lines, note: note)
        }
        RPC("all", idempotent: true, help: "All orders.") { orders in await orders.database.orders }
    }
}
