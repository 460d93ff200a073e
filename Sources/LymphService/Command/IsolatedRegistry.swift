internal import Lymph

/// A registry that finds others and publishes nobody.
struct IsolatedRegistry: ServiceRegistry {
    let base: any ServiceRegistry

    func register(_ instance: ServiceInstance) async throws {}
    func unregister(_ instance: ServiceInstance) async {}
    func services() async throws -> [String] { try await base.services() }

    func instances(of service: String) async throws -> AsyncStream<[ServiceInstance]> {
        try await base.instances(of: service)
    }
}
