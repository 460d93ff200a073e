import Lymph

struct Receipt {
    var id: Int
}

actor ResultNotEncodable: Interface {
    private var placed = 0

    func place(_ id: Int) -> Receipt { Receipt(id: id) }

    static var routes: Routes<ResultNotEncodable> {
        RPC("count_and_place", "id") { (me, id: Int) in
            // error at `RPC`: requires that 'Receipt' conform to 'Encodable'
            me.placed += 1
            return me.place(id)
        }
    }

    static let unused = Routes<ResultNotEncodable> {
        // A closure of one expression may drop its value: then it is a method without a result.
        RPC("place", "id") { (me, id: Int) in me.place(id) }
        // warning at `place(id)`: result of call to 'place' is unused
        RPC("both") { me in ["placed": me.placed, "name": "orders"] }
        // warning at `[`: expression of type '[String : Any]' is unused
    }
}
