internal import Lymph

/// What a service does, as its configuration says: all of it is read before anything starts.
struct ServicePlan {
    var container: ContainerConfiguration
    let registry: any ServiceRegistry
    let interfaces: [InterfaceDefinition]
    /// Where the log is published; by default at the container's address, at any free port.
    let logEndpoint: Endpoint?
    let warnings: [String]

    /// - Throws: ``ConfigurationError`` with the mistakes of all sections.
    init(
        _ configuration: ProcessConfiguration, types: [any Interface.Type], registries: [RegistryClass], only: [String]
    ) throws(ConfigurationError) {
        var errors: [ConfigurationError] = []
        func attempt<R>(_ body: () throws(ConfigurationError) -> R) -> R? {
            do throws(ConfigurationError) {
                return try body()
            } catch {
                errors.append(error)
                return nil
            }
        }
        let container = attempt { () throws(ConfigurationError) in try configuration.containerConfiguration() }
        _ = attempt { () throws(ConfigurationError) in try configuration.checkEvents() }
        let registry = attempt { () throws(ConfigurationError) in try configuration.registry(of: registries) }
        let interfaces = attempt { () throws(ConfigurationError) in
            try configuration.interfaces(of: types, only: only)
        }
        let logging = attempt { () throws(ConfigurationError) in try configuration.logging() }
        let logEndpoint = attempt { () throws(ConfigurationError) in try configuration.logEndpoint() }
        guard let container, let registry, let interfaces, let logging, errors.isEmpty else {
            throw ConfigurationError(problems: errors.flatMap(\.problems))
        }
        self.container = container
        self.registry = registry
        self.interfaces = interfaces
        self.logEndpoint = logEndpoint ?? nil
        warnings = logging.warnings + (interfaces.isEmpty ? ["no interfaces: only the builtin one is served"] : [])
    }
}
