package import Lymph

/// The contents of a registry at one moment.
package struct Survey: Sendable {
    /// The instances of each service, by its name.
    package var services: [String: [ServiceInstance]]

    /// All instances, by service and id.
    package var instances: [ServiceInstance] {
        services.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    package init(services: [String: [ServiceInstance]] = [:]) { self.services = services }

    /// Reads some services from a registry, or all of them.
    ///
    /// - Parameters:
    ///   - names: The services; nil for all.
    ///   - includesEmpty: Whether to include services that have no instances now.
    package static func take(
        _ registry: any ServiceRegistry, names: [String]? = nil, includesEmpty: Bool = false, within timeout: Duration
    ) async throws -> Survey {
        try await TimeLimit.run(timeout, waitingFor: registry) {
            var survey = Survey()
            var wanted = names ?? []
            if names == nil {
                wanted = try await includesEmpty ? registry.knownServices() : registry.services()
            }
            for name in wanted {
                do {
                    let instances = try await first(of: registry.instances(of: name))
                    if includesEmpty || names != nil || !instances.isEmpty { survey.services[name] = instances }
                } catch let error as RegistryError where error.code == .lookupFailure && names == nil {
                    // It disappeared after the names were read.
                    continue
                }
            }
            return survey
        }
    }

    private static func first(of lists: AsyncStream<[ServiceInstance]>) async -> [ServiceInstance] {
        for await list in lists { return list }
        return []
    }
}
