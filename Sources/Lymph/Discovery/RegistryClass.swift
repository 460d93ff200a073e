/// A kind of registry that can be selected in a configuration, under `container.registry`.
///
/// ```yaml
/// container:
///     registry:
///         class: static
///         services:
///             echo: tcp://127.0.0.1:4100
/// ```
public struct RegistryClass: Sendable {
    /// The values of `class` that select this kind.
    public let names: [String]

    /// Creates the registry from its section of the configuration.
    package let make: @Sendable (Configuration) throws -> any ServiceRegistry

    /// Defines a kind of registry.
    ///
    /// - Parameters:
    ///   - names: The values of `class`: a short name, and the Python class paths that mean the same.
    ///   - make: Creates the registry from the map that contains `class`. An error that is not a
    ///     ``ConfigurationError`` is reported with the place of the map.
    public init(_ names: String..., make: @escaping @Sendable (Configuration) throws -> any ServiceRegistry) {
        self.names = names
        self.make = make
    }

    /// The services of this user on this machine, see ``DirectoryRegistry``. `path` names the directory.
    public static let directory = RegistryClass("directory") { configuration in
        struct Settings: Decodable {
            var path: String?
        }
        return DirectoryRegistry(path: try configuration.decode(Settings.self).path)
    }

    /// Fixed addresses, see ``StaticRegistry``. `services` maps a name, optionally with a version, to one address or
    /// a list.
    public static let `static` = RegistryClass(
        "static", "lymph.discovery.static:StaticServiceRegistryHub", "lymph.discovery.static:StaticServiceRegistry"
    ) { configuration in
        struct Settings: Decodable {
            var services: Configuration?
        }
        var mistakes = ConfigurationMistakes()
        mistakes.attempt { () throws(ConfigurationError) in _ = try configuration.decode(Settings.self) }
        let services = configuration["services"]
        if let services, services.node.entries == nil, !services.isNull {
            mistakes.add(services.mismatch(allowed: "a map"))
        }
        let byName = (services?.children ?? []).map { ($0.key, addresses($0.value, &mistakes)) }
        try mistakes.check()
        return try StaticRegistry(Dictionary(byName) { $1 })
    }

    private static func addresses(_ part: Configuration, _ mistakes: inout ConfigurationMistakes) -> [String] {
        (part.elements ?? [part]).compactMap { element in
            mistakes.attempt { () throws(ConfigurationError) in
                let text: String = try element.decode()
                do throws(EndpointError) {
                    _ = try Endpoint(validating: text)
                } catch {
                    throw element.error("\(error)")
                }
                return text
            }
        }
    }
}
