import Lymph

/// A service with several versions; it reports which one was called.
actor VersionedService: Interface {
    static let routes = Routes<VersionedService> {
        RPC("which") { me in me.context.version?.description }
    }
}
