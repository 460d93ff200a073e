import Lymph

final class Basket: Codable {
    var items: [String] = []
}

actor ArgumentNotSendable: Interface {
    func basket() -> Basket { Basket() }

    static var routes: Routes<ArgumentNotSendable> {
        RPC("fill", "basket") { (_, basket: Basket) in basket.items.count }
        // error at `"basket"`: type 'Basket' does not conform to the 'Sendable' protocol
        RPC("basket") { me in me.basket() }
        // error at `RPC`: type 'Basket' does not conform to the 'Sendable' protocol
    }
}
