internal import Lymph

/// What a service will do, according to its configuration. All of it is read before anything starts.
struct ServicePlan {
    var container: PeerConfiguration
    let registry: any ServiceRegistry
    let interfaces: [InterfaceDefinition]
    /// Where the log is published; by default at the container's address, on any free port.
    let logEndpoint: Endpoint?
    let warnings: [String]
    /// The file of the policy; nil without one.
    let policyPath: String?

    /// Whether the log is published, which is never encrypted: a process that has to encrypt does so only where its
    /// configuration says.
    var publishesLog: Bool { logEndpoint != nil || !container.security.isRequired }

    /// - Throws: ``/Lymph/ConfigurationError`` with the mistakes of all sections.
    init(
        _ configuration: ProcessConfiguration, types: [any Interface.Type], registries: [RegistryClass],
        interceptors: [InterceptorClass], only: [String]
    ) throws(ConfigurationError) {
        var found = ConfigurationMistakes()
        let container = found.attempt { () throws(ConfigurationError) in try configuration.peerConfiguration() }
        found.attempt { () throws(ConfigurationError) in try configuration.checkEvents() }
        let registry = found.attempt { () throws(ConfigurationError) in try configuration.registry(of: registries) }
        let interceptors = found.attempt { () throws(ConfigurationError) in
            try configuration.interceptors(of: interceptors)
        }
        let interfaces = found.attempt { () throws(ConfigurationError) in
            try configuration.interfaces(of: types, only: only)
        }
        let logging = found.attempt { () throws(ConfigurationError) in try configuration.logging() }
        let logEndpoint = found.attempt { () throws(ConfigurationError) in try configuration.logEndpoint() }
        try configuration.check(found)
        guard var container, let registry, let interceptors, let interfaces, let logging, let logEndpoint else {
            throw found.makeError()
        }
        (container.clientInterceptors, container.serviceInterceptors) = interceptors
        self.container = container
        self.registry = registry
        self.interfaces = interfaces
        self.logEndpoint = logEndpoint
        policyPath = configuration.policyPath
        warnings = logging.warnings + (interfaces.isEmpty ? ["no interfaces: only the built-in one is served"] : [])
    }
}
