import Lymph

actor RoutesOfAnotherActor: Interface {
    static var routes: Routes<NotARoute> {
        RPC("one") { _ in 1 }
        // error at `RPC`: cannot convert return expression of type 'RPC<I>' to return type 'Routes<NotARoute>'
    }
}
