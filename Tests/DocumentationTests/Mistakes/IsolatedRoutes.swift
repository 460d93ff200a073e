import Lymph

actor IsolatedRoutes: Interface {
    // error at `Interface`: conformance of 'IsolatedRoutes' to protocol 'Interface' crosses into actor-isolated code
    var routes: Routes<IsolatedRoutes> {
        // note at `routes`: actor-isolated property 'routes' cannot satisfy nonisolated requirement
        RPC("echo", "text") { (_, text: String) in text }
    }
}
