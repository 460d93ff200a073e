public import Lymph

extension ProcessConfiguration {
    /// The registry in the section `container.registry`; without it, a ``/Lymph/DirectoryRegistry``.
    ///
    /// - Parameter classes: The available kinds, besides `directory` and `static`.
    /// - Throws: ``/Lymph/ConfigurationError`` if the class is not among them, or if its settings are wrong.
    public func registry(of classes: [RegistryClass] = []) throws(ConfigurationError) -> any ServiceRegistry {
        guard let part = container["registry"], !part.isNull else { return DirectoryRegistry() }
        let classes = classes + [.directory, .static]
        let named = try part.namedPart(classes)
        try Self.checkZooKeeper(named, among: classes)
        let kind = try named.find("registry", among: classes)
        return try part.make { try kind.make(named.settings) }
    }

    /// ZooKeeper is the one registry that people expect to be there, so its absence is explained.
    private static func checkZooKeeper(
        _ named: Configuration.NamedPart, among classes: [RegistryClass]
    ) throws(ConfigurationError) {
        let name = named.name
        guard !classes.contains(where: { $0.names.contains(name) || $0.names.contains("zookeeper") }),
            name.hasPrefix("lymph.discovery.zookeeper:") || !NearNames.of(name, among: ["zookeeper"]).isEmpty
        else { return }
        throw named.naming.error(
            "found \(name.debugDescription), which this program was built without: add the product LymphZooKeeper "
                + "to its target and `static let registries: [RegistryClass] = [.zooKeeper]` to its ServiceCommand",
            allowed: classes.allowed)
    }
}
