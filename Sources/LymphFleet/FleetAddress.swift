package import Lymph

/// A target: all instances of a service, those of a version, or one process by its address.
package struct FleetAddress: Sendable, Hashable {
    /// The text as it was written.
    package let text: String

    /// The name to look up in the registry. A process is found under the name that every process has.
    package let service: String

    /// The requested version.
    package let version: Version?

    /// The process, if it was given by address.
    package let endpoint: Endpoint?

    /// Reads `echo`, `echo@1.2` or `tcp://127.0.0.1:4100`.
    package init(_ text: String) throws(FleetFailure) {
        self.text = text
        if text.contains("://") {
            do throws(EndpointError) { endpoint = try Endpoint(validating: text) } catch {
                throw FleetFailure(.usage, error.description)
            }
            service = BuiltinInterface.name
            version = nil
        } else if let name = VersionedName(text), !name.name.isEmpty {
            service = name.name
            version = name.version
            endpoint = nil
        } else {
            throw FleetFailure(.usage, "\(text.debugDescription) is not a name, name@version or tcp://host:port")
        }
    }

    /// Those of a service's instances that match.
    package func select(_ instances: [ServiceInstance]) -> [ServiceInstance] {
        instances.filter { instance in
            if let endpoint { return instance.endpoint == endpoint }
            guard let version else { return true }
            return instance.version?.isCompatible(with: version) == true
        }
    }

    /// The processes that match, without duplicates. One that is given by address need not be registered.
    package func endpoints(in registry: any ServiceRegistry) async throws -> [Endpoint] {
        if let endpoint { return [endpoint] }
        var iterator = try await registry.instances(of: service).makeAsyncIterator()
        let endpoints = Set(select(await iterator.next() ?? []).map(\.endpoint))
        guard !endpoints.isEmpty else { throw FleetFailure(.notConnected, "no instance of \(text) is running") }
        return endpoints.sorted { $0.description < $1.description }
    }
}
