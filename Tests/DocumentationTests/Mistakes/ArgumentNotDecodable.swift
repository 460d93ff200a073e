import Lymph

struct Order {
    var id: Int
}

actor ArgumentNotDecodable: Interface {
    static var routes: Routes<ArgumentNotDecodable> {
        RPC("place", "order") { (_, order: Order) in order.id }
        // error at `RPC`: requires that 'Order' conform to 'Decodable'
    }
}
