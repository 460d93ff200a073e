import Lymph

struct NotAnActor: Interface {
    // error at `NotAnActor`: non-class type 'NotAnActor' cannot conform to class protocol 'Interface'
    static var routes: Routes<NotAnActor> {
        RPC("echo", "text") { (_, text: String) in text }
    }
}
