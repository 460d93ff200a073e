import Lymph
import LymphService

/// A shop: two interfaces that share a database, and a loop beside them that fills the shelves.
@main
struct Orders: ServiceCommand {
    static let interfaces: [any Interface.Type] = [InventoryService.self, OrdersService.self]
    static let abstract = "Takes orders, and knows what is in stock."

    /// The section `shop` of the configuration.
    struct Settings: ConfigurationSection {
        var database: String?
        var restockBelow = 3
        var restockEvery = Duration.seconds(1)
    }

    static func prepare(_ setup: inout ServiceSetup) async throws {
        let settings = try setup.configuration.get("shop", default: Settings())
        let database = try Database(path: settings.database)
        setup.run(database)
        setup.run { [client = setup.client] in
            try await restock(database, through: client.proxy("inventory"), settings)
        }
        setup.make(InventoryService.self) { context in InventoryService(context: context, database: database) }
        setup.make(OrdersService.self) { context in try OrdersService(context: context, database: database) }
    }

    /// Orders ten pieces of everything that is scarce, again and again.
    private static func restock(_ database: Database, through inventory: Proxy, _ settings: Settings) async throws {
        while true {
            try await Task.sleep(for: settings.restockEvery)
            for sku in await database.scarce(below: settings.restockBelow) {
                try await inventory.with(waitForReady: true).add(sku: sku, quantity: 10)
            }
        }
    }
}
