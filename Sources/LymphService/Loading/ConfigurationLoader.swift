internal import Lymph

/// Merges the configuration files and the environment.
struct ConfigurationLoader {
    private(set) var root = Configuration(ConfigurationNode(.map([]), at: .init(.builtin)))
    private(set) var files: [String] = []
    private(set) var warnings: [String] = []
    /// Mistakes that don't prevent the rest from being read.
    private(set) var mistakes = ConfigurationMistakes()
    private let environment: [String: String]

    /// The file that is read if none is named.
    static let defaultFile = ".lymph.yml"

    /// The sections that a process inherits from the configuration of its node.
    private static let nodeSections: Set<String> = [
        "container", "registry", "event_system", "plugins", "dependencies",
    ]

    /// The sections that are lymph's.
    static let sections = [
        "container", "dependencies", "event_system", "instances", "interfaces", "logging", "name", "plugins",
        "registry",
        "sockets",
    ]

    init(environment: [String: String]) {
        self.environment = environment
    }

    /// - Throws: ``/Lymph/ConfigurationError`` if a file can't be read at all.
    mutating func load(file: String?, variables: [String]) throws(ConfigurationError) {
        let variables = try self.variables(variables)
        var unreadable = ConfigurationMistakes()
        if let path = value("LYMPH_NODE_CONFIG"), var node = read(path, &unreadable) {
            node.content = .map((node.entries ?? []).filter { Self.nodeSections.contains($0.key) })
            take(node, of: path, variables)
        }
        let isThere = ConfigurationFile.exists(Self.defaultFile)
        if let path = file ?? value("LYMPH_CONFIG") ?? (isThere ? Self.defaultFile : nil),
            let node = read(path, &unreadable)
        {
            take(node, of: path, variables)
        }
        guard unreadable.isEmpty else {
            unreadable.add(mistakes)
            throw unreadable.makeError()
        }
        checkSections()
        root.node = Dependencies.resolved(root.node, &mistakes)
        moveDeprecated("registry", to: "container.registry")
        moveDeprecated("event_system", to: "container.events")
        if root["container.ip"]?.node.isNull ?? true {
            let ip = value("LYMPH_NODE_IP").map {
                ConfigurationNode(.text($0), at: .init(.environment("LYMPH_NODE_IP")))
            }
            root.node.set("container.ip", ip ?? ConfigurationNode(.text("127.0.0.1"), at: .init(.builtin)))
        }
    }

    private mutating func read(_ path: String, _ unreadable: inout ConfigurationMistakes) -> ConfigurationNode? {
        do throws(ConfigurationError) {
            return try ConfigurationFile.read(path, &mistakes)
        } catch {
            unreadable.add(error)
            return nil
        }
    }

    /// An environment variable; an empty one counts as absent.
    private func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    private func variables(_ arguments: [String]) throws(ConfigurationError) -> Variables {
        var variables = Variables(environment: environment)
        var mistakes = ConfigurationMistakes()
        let isOption = !arguments.isEmpty
        let origin = ConfigurationOrigin(isOption ? .option("--vars") : .environment("LYMPH_VARS"))
        for argument in isOption ? arguments : [value("LYMPH_VARS")].compactMap(\.self) {
            mistakes.attempt { () throws(ConfigurationError) in try variables.add(argument, from: origin) }
        }
        try mistakes.check()
        return variables
    }

    /// Merges a file: maps of the same section are merged key by key but not deeper, as in Python lymph.
    private mutating func take(_ file: ConfigurationNode, of path: String, _ variables: Variables) {
        files.append(path)
        for (section, node) in Interpolation.replaced(file, variables, &mistakes).entries ?? [] {
            if let entries = node.entries, var present = root.node[section], present.entries != nil {
                for (key, value) in entries { present[key] = value }
                root.node[section] = present
            } else if !node.isNull || root.node[section] == nil {
                root.node[section] = node
            }
        }
    }

    private mutating func checkSections() {
        for (key, section) in root.children where !Self.sections.contains(key) {
            let error = ConfigurationError(
                at: section.origin, section.path, unknown: "unknown key", key, among: Self.sections)
            // Programs keep sections of their own in the file, so an unknown one is a mistake only if it resembles a
            // known one.
            if error.problems.contains(where: { !$0.nearest.isEmpty }) { mistakes.add(error) }
        }
        for key in ["container", "dependencies", "interfaces", "instances", "logging"] {
            guard let section = root.child(key), !section.isNull else {
                root.node[key] = nil
                continue
            }
            if section.node.entries == nil {
                mistakes.add(section.mismatch(allowed: "a map"))
                root.node[key] = nil
            }
        }
        for path in ["container.rpc.connection", "container.debug", "container.worker"] {
            guard let part = root[path], !part.isNull else { continue }
            warnings.append("\(part.error("is checked, but has no effect here"))")
        }
        if let plugins = root.child("plugins"), !plugins.isNull {
            warnings.append("\(plugins.error("plugins exist only in Python; they are ignored"))")
        }
        if let name = root.child("name"), name.node.text == nil, !name.isNull {
            mistakes.add(name.mismatch(allowed: "a string"))
        }
    }

    private mutating func moveDeprecated(_ key: String, to path: String) {
        guard let section = root.child(key) else { return }
        warnings.append("\(section.error("\(key) is deprecated: write it as \(path)"))")
        root.node[key] = nil
        root.node.set(path, section.node)
    }
}
