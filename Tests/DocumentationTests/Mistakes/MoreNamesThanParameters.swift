import Lymph

actor MoreNamesThanParameters: Interface {
    func upper(_ text: String) -> String { text.uppercased() }

    static var routes: Routes<MoreNamesThanParameters> {
        RPC("upper", "text", "locale") { (me, text: String) in me.upper(text) }
        // error at `(me`: expects 3 arguments, but 2 were used in closure body
    }
}
