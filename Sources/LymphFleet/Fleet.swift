package import Logging
package import Lymph

/// The services of a fleet: where they are found, and the settings of clients for them.
package struct Fleet: Sendable {
    /// Where services are found.
    package let registry: any ServiceRegistry
    private let settings: PeerConfiguration
    private let isAddressChosen: Bool
    private let logger: Logger

    /// - Parameters:
    ///   - settings: The settings of clients. The port and the grace period in them are a service's, and are ignored.
    ///   - isAddressChosen: Whether the address of this machine was configured explicitly.
    package init(
        registry: any ServiceRegistry, settings: PeerConfiguration, isAddressChosen: Bool, logger: Logger
    ) {
        self.registry = registry
        self.settings = settings
        self.isAddressChosen = isAddressChosen
        self.logger = logger
    }

    /// Runs `body` with a client that stops afterwards.
    ///
    /// - Parameter target: The name or address that `body` will call. If it is on another machine, and no address is
    ///   configured, the client uses the address of this machine that the peer can answer to.
    package func withClient<R: Sendable>(
        for target: String? = nil, _ body: (Client) async throws -> R
    ) async throws -> R {
        var settings = settings
        settings.port = 0
        // A person is waiting, who may have misspelt the name.
        settings.startupGrace = .zero
        if !isAddressChosen, let peer = target.flatMap(Endpoint.init), !peer.isLoopback,
            let own = LocalAddress.towards(peer)
        {
            settings.ip = own
        }
        return try await Lymph.withClient(
            Client(registry: registry, configuration: settings, logger: logger), body)
    }
}
