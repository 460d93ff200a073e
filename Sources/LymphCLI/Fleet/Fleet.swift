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
    func registry() throws -> any ServiceRegistry {
        try withLogger(logger) { _ in try configuration.registry(of: Self.registryClasses) }
    }

    /// Runs `body` with a client that ends with it.
    ///
    /// - Parameter target: The name or address of whom it will call. If that is far away, and nothing says otherwise, the
    ///   client takes the address of this machine that the peer can answer to.
    func withClient<R: Sendable>(for target: String? = nil, _ body: (Client) async throws -> R) async throws -> R {
        var settings = try configuration.containerConfiguration()
        // The port in the file is that of a service.
        settings.port = 0
        if !isAddressChosen, let peer = target.flatMap(Endpoint.init), !peer.isLoopback,
            let own = LocalAddress.towards(peer)
        {
            settings.ip = own
        }
        return try await Lymph.withClient(
            Client(registry: try registry(), configuration: settings, logger: logger), body)
    }

    /// Whether somebody has said which address this machine has.
    var isAddressChosen: Bool {
        guard let ip = configuration.root["container.ip"] else { return false }
        return ip.origin.source != .builtin
    }
}
