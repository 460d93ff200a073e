public import Lymph

extension ProcessConfiguration {
    /// The interfaces that `interfaces` describes. Without that section, each type under its default name.
    ///
    /// - Parameter types: The actors that `class` may name, by the name of their type. Python's form `module:Class` names the
    ///   type `Class`, so that one file can serve programs in both languages.
    /// - Throws: ``ConfigurationError`` with all mistakes.
    public func interfaces(of types: [any Interface.Type]) throws(ConfigurationError) -> [InterfaceDefinition] {
        guard let section = root.child("interfaces") else {
            return types.map { InterfaceDefinition($0, as: Self.defaultName(of: $0)) }
        }
        var errors: [ConfigurationError] = []
        var definitions: [InterfaceDefinition] = []
        var places: [VersionedName: Configuration] = [:]
        for (key, part) in section.children {
            do throws(ConfigurationError) {
                let name = try Self.name(key, at: part)
                if let other = places[name] {
                    throw part.error("the same name and version as \(other.path) (\(other.origin))")
                }
                places[name] = part
                let type = try Self.type(of: part, among: types)
                definitions.append(
                    InterfaceDefinition(type, as: name.name, version: name.version, configuration: part))
            } catch {
                errors.append(error)
            }
        }
        try ConfigurationError.throwAll(errors)
        return definitions
    }

    /// The name of an interface that is not configured: the type's in lower case, without `Service` or `Interface` at its end.
    static func defaultName(of type: any Interface.Type) -> String {
        let name = "\(type)"
        let suffix = ["Service", "Interface"].first { name.hasSuffix($0) && name != $0 }
        return name.dropLast(suffix?.count ?? 0).lowercased()
    }

    private static func name(_ key: String, at part: Configuration) throws(ConfigurationError) -> VersionedName {
        guard let name = VersionedName(key) else {
            throw part.error(
                "found the version \(key.drop { $0 != "@" }.dropFirst().debugDescription)", allowed: "name, name@1.2.3")
        }
        if name.name == "lymph" { throw part.error("the name lymph belongs to the builtin interface") }
        do throws(RegistryError) {
            try ServiceName.validate(name.name)
        } catch {
            throw part.error(error.message)
        }
        return name
    }

    private static func type(
        of part: Configuration, among types: [any Interface.Type]
    ) throws(ConfigurationError) -> any Interface.Type {
        let known = types.map { "\($0)" }
        guard part.node.entries != nil else { throw part.mismatch(allowed: "a map with a class") }
        guard let named = part.child("class") else {
            throw ConfigurationError(
                at: part.origin, part.pathOf("class"), "is missing", allowed: known.sorted().joined(separator: ", "),
                nearest: NearNames.of("class", among: part.keys))
        }
        let text: String = try named.decode()
        let name = text.split(separator: ":").last.map(String.init) ?? text
        let found = types.first { "\($0)" == name } ?? types.first { String(reflecting: $0) == name }
        guard let found else {
            throw ConfigurationError(
                at: named.origin, named.path, unknown: "there is no interface class \(text.debugDescription)", name,
                among: known)
        }
        return found
    }
}
