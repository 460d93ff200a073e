package import Logging
package import Lymph

/// The services of a fleet: where they are found, and what a client of them is like.
package struct Fleet: Sendable {
    /// Where services are found.
    package let registry: any ServiceRegistry
    private let settings: ContainerConfiguration
    private let isAddressChosen: Bool
    private let logger: Logger

    /// - Parameters:
    ///   - settings: Those of a client. A port in them is that of a service, and does not count.
    ///   - isAddressChosen: Whether somebody has said which address this machine has.
    package init(
        registry: any ServiceRegistry, settings: ContainerConfiguration, isAddressChosen: Bool, logger: Logger
    ) {
        self.registry = registry
        self.settings = settings
        self.isAddressChosen = isAddressChosen
        self.logger = logger
    }

    /// Runs `body` with a client that ends with it.
    ///
    /// - Parameter target: The name or address of whom it will call. If that is far away, and nothing says otherwise, the
    ///   client takes the address of this machine that the peer can answer to.
    package func withClient<R: Sendable>(
        for target: String? = nil, _ body: (Client) async throws -> R
    ) async throws -> R {
        var settings = settings
        settings.port = 0
        if !isAddressChosen, let peer = target.flatMap(Endpoint.init), !peer.isLoopback,
            let own = LocalAddress.towards(peer)
        {
            settings.ip = own
        }
        return try await Lymph.withClient(
            Client(registry: registry, configuration: settings, logger: logger), body)
    }
}
