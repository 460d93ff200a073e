import Lymph

/// Knows how many pieces of each item there are.
actor InventoryService: Interface {
    let context: InterfaceContext
    private let database: Database

    init(context: InterfaceContext, database: Database) {
        self.context = context
        self.database = database
    }

    static var routes: Routes<InventoryService> {
        RPC("stock", "sku", idempotent: true, help: "How many pieces there are.") { (inventory, sku: String) in
            await inventory.database.stock(of: sku)
        }
        RPC("add", "sku", "quantity", help: "Adds pieces.") { (inventory, sku: String, quantity: Int) in
            guard quantity > 0 else { throw Refusal(.rejected, "\(quantity) pieces can't be added") }
            await inventory.database.add(quantity, of: sku)
            inventory.logger.info("added", metadata: ["sku": "\(sku)", "quantity": "\(quantity)"])
        }
        RPC("take", "sku", "quantity", raises: OutOfStock.self, help: "Takes pieces.") {
            (inventory, sku: String, quantity: Int) in
            try await inventory.database.take(quantity, of: sku)
        }
    }
}
