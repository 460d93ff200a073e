public import Lymph

extension ProcessConfiguration {
    /// The interfaces in the section `interfaces`. Without that section, each type under its default name.
    ///
    /// - Parameter types: The actors that `class` may name, by type name. Python's form `module:Class` names the type
    ///   `Class`, so that one file can serve programs in both languages.
    /// - Throws: ``/Lymph/ConfigurationError`` with all mistakes.
    public func interfaces(of types: [any Interface.Type]) throws(ConfigurationError) -> [InterfaceDefinition] {
        guard let section = root.child("interfaces") else { return types.map(unconfigured) }
        return try Self.definitions(section.children, types)
    }

    /// The interfaces selected by the option `--interface`; all of them if it selects none.
    ///
    /// - Parameters:
    ///   - types: The actors that `class` may name.
    ///   - names: For each interface its key in the configuration, its name without the version, or its class. A
    ///     class that is not configured is served under its default name.
    /// - Throws: ``/Lymph/ConfigurationError`` with all mistakes in the selected parts.
    package func interfaces(
        of types: [any Interface.Type], only names: [String]
    ) throws(ConfigurationError) -> [InterfaceDefinition] {
        if names.isEmpty { return try interfaces(of: types) }
        let configured = root.child("interfaces")?.children ?? []
        var wanted: Set<String> = []
        var unconfigured: [any Interface.Type] = []
        var mistakes = ConfigurationMistakes()
        for name in names {
            var keys = configured.map(\.key).filter { $0 == name || VersionedName($0)?.name == name }
            if keys.isEmpty {
                keys = configured.filter { $0.value.child("class")?.node.text.map(Self.typeName) == name }.map(\.key)
            }
            if !keys.isEmpty {
                wanted.formUnion(keys)
            } else if let type = types.first(where: { $0.defaultName == name || "\($0)" == name }) {
                if !unconfigured.contains(where: { $0 == type }) { unconfigured.append(type) }
            } else {
                mistakes.add(
                    .init(
                        at: .init(.option("--interface")), "",
                        unknown: "there is no interface \(name.debugDescription)",
                        name, among: Set(configured.map(\.key) + types.map { "\($0)" })))
            }
        }
        let definitions = mistakes.attempt { () throws(ConfigurationError) in
            try Self.definitions(configured.filter { wanted.contains($0.key) }, types)
        }
        try mistakes.check()
        return (definitions ?? []) + unconfigured.map(self.unconfigured)
    }

    /// An interface without a section. Its configuration still has a place, for messages about what is missing.
    private func unconfigured(_ type: any Interface.Type) -> InterfaceDefinition {
        let name = type.defaultName
        let empty = Configuration(ConfigurationNode(.map([]), at: root.origin), path: "interfaces.\(name)")
        return InterfaceDefinition(type, as: name, configuration: empty)
    }

    private static func definitions(
        _ parts: [(key: String, value: Configuration)], _ types: [any Interface.Type]
    ) throws(ConfigurationError) -> [InterfaceDefinition] {
        var mistakes = ConfigurationMistakes()
        var definitions: [InterfaceDefinition] = []
        var places: [VersionedName: Configuration] = [:]
        for (key, part) in parts {
            let name = mistakes.attempt { () throws(ConfigurationError) in
                let name = try versionedName(key, at: part)
                if let other = places[name] {
                    throw part.error("the same name and version as \(other.path) (\(other.origin))")
                }
                return name
            }
            let actor = mistakes.attempt { () throws(ConfigurationError) in try type(of: part, among: types) }
            guard let name else { continue }
            places[name] = part
            guard let actor else { continue }
            definitions.append(InterfaceDefinition(actor, as: name.name, version: name.version, configuration: part))
        }
        try mistakes.check()
        return definitions
    }

    private static func versionedName(_ key: String, at part: Configuration) throws(ConfigurationError) -> VersionedName
    {
        guard let name = VersionedName(key) else {
            throw part.error(
                "found the version \(key.drop { $0 != "@" }.dropFirst().debugDescription)", allowed: "name, name@1.2.3")
        }
        if name.name == BuiltinInterface.name {
            throw part.error("the name \(BuiltinInterface.name) belongs to the built-in interface")
        }
        do throws(RegistryError) {
            try ServiceName.validate(name.name)
        } catch {
            throw part.error(error.message)
        }
        return name
    }

    /// `Class` of `module:Class`.
    private static func typeName(_ text: String) -> String { text.split(separator: ":").last.map(String.init) ?? text }

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
        let name = typeName(text)
        let found = types.first { "\($0)" == name } ?? types.first { String(reflecting: $0) == name }
        guard let found else {
            throw ConfigurationError(
                at: named.origin, named.path, unknown: "there is no interface class \(text.debugDescription)", name,
                among: known)
        }
        return found
    }
}
