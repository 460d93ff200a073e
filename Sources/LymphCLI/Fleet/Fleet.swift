internal import Logging
internal import Lymph
internal import LymphService
internal import LymphZooKeeper

/// The services that the configuration leads to.
struct Fleet: Sendable {
    let configuration: ProcessConfiguration
    let logger: Logger

    /// The kinds of registries that a configuration may name, beside those that are always there.
    static let registryClasses: [RegistryClass] = [.zooKeeper]

    /// Where services are found.
    func registry() throws(ConfigurationError) -> any ServiceRegistry {
        var found = ConfigurationMistakes()
        let registry = registry(&found)
        try configuration.check(found)
        guard let registry else { throw found.error }
        return registry
    }

    /// The settings of a client, and where it finds services.
    func settings() throws(ConfigurationError) -> (container: ContainerConfiguration, registry: any ServiceRegistry) {
        var found = ConfigurationMistakes()
        let container = found.attempt { () throws(ConfigurationError) in try configuration.containerConfiguration() }
        let registry = registry(&found)
        try configuration.check(found)
        guard let container, let registry else { throw found.error }
        return (container, registry)
    }

    private func registry(_ found: inout ConfigurationMistakes) -> (any ServiceRegistry)? {
        withLogger(logger) { _ in
            found.attempt { () throws(ConfigurationError) in try configuration.registry(of: Self.registryClasses) }
        }
    }

    /// Runs `body` with a client that ends with it.
    ///
    /// - Parameter target: The name or address of whom it will call. If that is far away, and nothing says otherwise, the
    ///   client takes the address of this machine that the peer can answer to.
    func withClient<R: Sendable>(for target: String? = nil, _ body: (Client) async throws -> R) async throws -> R {
        var (settings, registry) = try settings()
        // The port in the file is that of a service.
        settings.port = 0
        if !isAddressChosen, let peer = target.flatMap(Endpoint.init), !peer.isLoopback,
            let own = LocalAddress.towards(peer)
        {
            settings.ip = own
        }
        return try await Lymph.withClient(
            Client(registry: registry, configuration: settings, logger: logger), body)
    }

    /// Whether somebody has said which address this machine has.
    var isAddressChosen: Bool {
        configuration.addressPart.map { $0.origin.source != .builtin } ?? false
    }
}
