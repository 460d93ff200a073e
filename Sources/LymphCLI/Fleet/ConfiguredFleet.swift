internal import Logging
internal import Lymph
internal import LymphFleet
internal import LymphService
internal import LymphZooKeeper

/// The services that the configuration leads to.
struct ConfiguredFleet {
    let configuration: ProcessConfiguration
    let logger: Logger

    /// The kinds of registries that a configuration may name, beside those that are always there.
    private static let registryClasses: [RegistryClass] = [.zooKeeper]

    /// Where services are found. What is wrong in other parts of the configuration is of no matter.
    func registry() throws(ConfigurationError) -> any ServiceRegistry {
        var found = ConfigurationMistakes()
        let registry = registry(&found)
        try configuration.check(found)
        guard let registry else { throw found.error }
        return registry
    }

    /// The fleet, with what a client of it needs.
    func fleet() throws(ConfigurationError) -> Fleet {
        var found = ConfigurationMistakes()
        let settings = found.attempt { () throws(ConfigurationError) in try configuration.containerConfiguration() }
        let registry = registry(&found)
        try configuration.check(found)
        guard let settings, let registry else { throw found.error }
        return Fleet(registry: registry, settings: settings, isAddressChosen: isAddressChosen, logger: logger)
    }

    private func registry(_ found: inout ConfigurationMistakes) -> (any ServiceRegistry)? {
        withLogger(logger) { _ in
            found.attempt { () throws(ConfigurationError) in try configuration.registry(of: Self.registryClasses) }
        }
    }

    /// Whether somebody has said which address this machine has.
    private var isAddressChosen: Bool {
        configuration.addressPart.map { $0.origin.source != .builtin } ?? false
    }
}
