import Lymph

actor NotARoute: Interface {
    static var routes: Routes<NotARoute> {
        print("the routes are read")
        // error at `print`: type '()' cannot conform to 'RoutesPart'
        RPC("name", "text") { (_, text: String) in text }
    }

    static let texts = Routes<NotARoute> {
        "name"
        // error at `"name"`: requires that 'String' conform to 'RoutesPart'
        RPC("name", "text") { (_, text: String) in text }
    }
}
