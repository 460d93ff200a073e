internal import Lymph

/// A registry that looks services up but publishes nothing.
struct IsolatedRegistry: WaitingRegistry {
    let base: any ServiceRegistry

    var obstacle: String? {
        get async { await (base as? any WaitingRegistry)?.obstacle }
    }

    func register(_ instance: ServiceInstance) async throws {}
    func unregister(_ instance: ServiceInstance) async {}
    func services() async throws -> [String] { try await base.services() }

    func instances(of service: String) async throws -> AsyncStream<[ServiceInstance]> {
        try await base.instances(of: service)
    }
}
