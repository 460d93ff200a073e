import Lymph

actor DefaultOfOtherType: Interface {
    func page(_ text: String, _ number: Int) -> String { "\(text) \(number)" }

    static var routes: Routes<DefaultOfOtherType> {
        RPC("page", "text", Parameter("number", default: "1")) { me, text, number in me.page(text, number) }
        // error at `"1"`: cannot convert value of type 'String' to expected argument type 'Int'
    }
}
