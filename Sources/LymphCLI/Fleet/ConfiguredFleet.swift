internal import Logging
internal import Lymph
internal import LymphFleet
internal import LymphService
internal import LymphZooKeeper

/// The services that are reachable with the configuration.
struct ConfiguredFleet {
    let configuration: ProcessConfiguration
    let logger: Logger

    /// The kinds of registry that a configuration may use, besides those that are always available.
    private static let registryClasses: [RegistryClass] = [.zooKeeper]

    /// The registry. Mistakes in other parts of the configuration don't matter.
    func registry() throws(ConfigurationError) -> any ServiceRegistry {
        var found = ConfigurationMistakes()
        let registry = registry(&found)
        try configuration.check(found)
        guard let registry else { throw found.makeError() }
        return registry
    }

    /// The fleet, with the settings of a client for it.
    func fleet() throws(ConfigurationError) -> Fleet {
        var found = ConfigurationMistakes()
        let settings = found.attempt { () throws(ConfigurationError) in try configuration.peerConfiguration() }
        let registry = registry(&found)
        try configuration.check(found)
        guard let settings, let registry else { throw found.makeError() }
        return Fleet(registry: registry, settings: settings, isAddressChosen: isAddressChosen, logger: logger)
    }

    private func registry(_ found: inout ConfigurationMistakes) -> (any ServiceRegistry)? {
        withLogger(logger) { _ in
            found.attempt { () throws(ConfigurationError) in try configuration.registry(of: Self.registryClasses) }
        }
    }

    /// Whether the address of this machine was configured explicitly.
    private var isAddressChosen: Bool {
        configuration.addressPart.map { $0.origin.source != .builtin } ?? false
    }
}
