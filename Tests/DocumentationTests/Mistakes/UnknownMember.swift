import Lymph

actor UnknownMember: Interface {
    func upper(_ text: String) -> String { text.uppercased() }

    static var routes: Routes<UnknownMember> {
        RPC("upper", "text") { me, text in me.uper(text) }
        // error at `text in`: cannot infer type of closure parameter 'text' without a type annotation
        // error at `uper`: value of type 'UnknownMember' has no member 'uper'
    }

    static let lower = Routes<UnknownMember> {
        RPC("lower", "text") { (me, text: Int) in me.upper(text) }
        // error at `text)`: cannot convert value of type 'Int' to expected argument type 'String'
    }
}
