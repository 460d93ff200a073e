import Lymph

actor FewerNamesThanParameters: Interface {
    func join(_ first: String, _ second: String) -> String { first + second }

    static var routes: Routes<FewerNamesThanParameters> {
        RPC("join", "first") { (me, first: String, second: String) in me.join(first, second) }
        // error at `(me`: expects 2 arguments, but 3 were used in closure body
    }
}
