import Lymph

/// An error that the shop and its stock declare.
struct OutOfStock: Error, Codable, Equatable {
    let sku: String
}

/// A service that calls two others.
actor ShopService: Interface {
    let context: InterfaceContext
    private let clock: any Clock<Duration>

    init(context: InterfaceContext, clock: any Clock<Duration>) {
        self.context = context
        self.clock = clock
    }

    private var billing: Proxy { proxy("billing", timeout: .seconds(1)) }

    static let routes = Routes<ShopService> {
        RPC("buy", "sku", raises: OutOfStock.self) { (shop, sku: String) in
            let _: Void = try await shop.proxy("stock", errors: [OutOfStock.self]).take(sku: sku, quantity: 1)
            let price: Int = try await shop.billing.charge(sku: sku)
            return price
        }
        RPC("nap", "seconds") { (shop, seconds: Int) in try await shop.clock.sleep(for: .seconds(seconds)) }
        RPC("buyLater", "sku") { (shop, sku: String) in
            _ = shop.billing.defer("charge", sku: sku) as Task<Int, any Error>
        }
        RPC("forgive", "sku") { (shop, sku: String) in
            _ = try? await shop.billing.chrge(sku: sku) as Int
        }
    }

    /// A definition of the shop as a test needs it.
    static func definition(_ clock: any Clock<Duration> = ContinuousClock()) -> InterfaceDefinition {
        InterfaceDefinition(as: "shop") { context in ShopService(context: context, clock: clock) }
    }
}
