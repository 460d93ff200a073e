public import Lymph

extension ProcessConfiguration {
    /// The registry in the section `container.registry`; without it, a ``DirectoryRegistry``.
    ///
    /// - Parameter classes: The available kinds, besides `directory` and `static`.
    /// - Throws: ``ConfigurationError`` if the class is not among them, or if its settings are wrong.
    public func registry(of classes: [RegistryClass] = []) throws(ConfigurationError) -> any ServiceRegistry {
        guard let part = container["registry"], !part.isNull else { return DirectoryRegistry() }
        let classes = classes + [.directory, .static]
        // A registry without settings can be given by its class alone.
        let isName = part.node.text != nil
        guard let named = isName ? part : part["class"] else {
            guard part.node.entries != nil else { throw part.mismatch(allowed: "a map with a class") }
            throw ConfigurationError(
                at: part.origin, part.pathOf("class"), "is missing",
                allowed: Self.names(classes).joined(separator: ", "))
        }
        let name: String = try named.decode()
        guard let kind = classes.first(where: { $0.names.contains(name) }) else {
            throw Self.unknown(name, at: named, among: classes)
        }
        let settings = isName ? Configuration(ConfigurationNode(.map([]), at: part.origin), path: part.path) : part
        do {
            return try kind.make(settings)
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw part.error("\(error)")
        }
    }

    /// The short names, for error messages.
    private static func names(_ classes: [RegistryClass]) -> [String] {
        Set(classes.compactMap(\.names.first)).sorted()
    }

    private static func unknown(
        _ name: String, at part: Configuration, among classes: [RegistryClass]
    ) -> ConfigurationError {
        let isZooKeeper =
            name.hasPrefix("lymph.discovery.zookeeper:") || !NearNames.of(name, among: ["zookeeper"]).isEmpty
        if isZooKeeper, !classes.contains(where: { $0.names.contains("zookeeper") }) {
            return part.error(
                "found \(name.debugDescription), which this program was built without: add the product LymphZooKeeper "
                    + "to its target and `static let registries: [RegistryClass] = [.zooKeeper]` to its ServiceCommand",
                allowed: names(classes).joined(separator: ", "))
        }
        var error = ConfigurationError(
            at: part.origin, part.path, unknown: "there is no registry class \(name.debugDescription)", name,
            among: classes.flatMap(\.names))
        error.problems[0].allowed = names(classes).joined(separator: ", ")
        return error
    }
}
