internal import Lymph

/// The values of `$(env.NAME)` and `$(var.path)`.
struct Variables {
    let environment: [String: String]
    private(set) var given = Configuration(ConfigurationNode(.map([]), at: .code))

    init(environment: [String: String]) {
        self.environment = environment
    }

    /// Adds an argument of `--vars` or `LYMPH_VARS`: a file, or a text `path=value`. Later ones take precedence.
    ///
    /// A text with `=` is a variable, unless a file of that name exists.
    mutating func add(_ argument: String, from origin: ConfigurationOrigin) throws(ConfigurationError) {
        if let equals = argument.firstIndex(of: "="), !ConfigurationFile.exists(argument) {
            let path = String(argument[..<equals])
            let value = String(argument[argument.index(after: equals)...])
            guard path.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty }) else {
                throw ConfigurationError(
                    at: origin, "", "found the string \(argument.debugDescription)", allowed: "path=value, or a file")
            }
            given.node.set(path, ConfigurationNode(.text(value), at: origin, isUntyped: true))
        } else {
            // A file may refer to the environment, but not to other variables: their order would matter.
            var mistakes = ConfigurationMistakes()
            let file = Interpolation.replaced(
                try ConfigurationFile.read(argument, &mistakes), Variables(environment: environment), &mistakes)
            try mistakes.check()
            for (key, node) in file.entries ?? [] { given.node[key] = node }
        }
    }

    /// The value of a variable, or an error that lists the known ones.
    func value(
        _ namespace: String, _ path: String, at place: Configuration
    ) throws(ConfigurationError) -> ConfigurationNode {
        let name = "$(\(namespace).\(path))"
        let known: [String]
        switch namespace {
        case "env":
            if let text = environment[path] { return ConfigurationNode(.text(text), at: place.origin, isUntyped: true) }
            known = Array(environment.keys)
        case "var":
            if let found = given[path] { return found.node }
            known = given.leaves.map(\.path).filter { !$0.isEmpty }
        default:
            throw place.error("\(name) is unknown", allowed: "$(env.NAME), $(var.path)")
        }
        let near = NearNames.of(path, among: known).map { "$(\(namespace).\($0))" }
        let what =
            namespace == "env" ? "the environment variable \(path) is not set" : "--vars has no variable \(path)"
        throw place.error("\(name): \(what)", nearest: near)
    }
}

extension ConfigurationNode {
    /// Sets the value at a path, and creates missing maps on the way.
    mutating func set(_ path: String, _ node: ConfigurationNode) {
        guard let dot = path.firstIndex(of: ".") else {
            self[path] = node
            return
        }
        let key = String(path[..<dot])
        var child = self[key] ?? ConfigurationNode(.map([]), at: node.origin)
        if child.entries == nil { child = ConfigurationNode(.map([]), at: node.origin) }
        child.set(String(path[path.index(after: dot)...]), node)
        self[key] = child
    }
}
