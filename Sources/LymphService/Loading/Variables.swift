internal import Lymph

/// What `$(env.NAME)` and `$(var.path)` stand for.
struct Variables {
    let environment: [String: String]
    private(set) var given = Configuration(ConfigurationNode(.map([]), at: .code))

    init(environment: [String: String]) {
        self.environment = environment
    }

    /// Takes what `--vars` or `LYMPH_VARS` names: files, and texts `path=value`. Later ones win.
    ///
    /// A text with `=` is a variable unless there is a file of that name.
    mutating func add(_ argument: String, from origin: ConfigurationOrigin) throws(ConfigurationError) {
        if let equals = argument.firstIndex(of: "="), !ConfigurationFile.exists(argument) {
            let path = String(argument[..<equals])
            let value = String(argument[argument.index(after: equals)...])
            guard path.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty }) else {
                throw ConfigurationError(
                    at: origin, "", "found the text \(argument.debugDescription)", allowed: "path=value, or a file")
            }
            given.node.set(path, ConfigurationNode(.text(value), at: origin, isUntyped: true))
        } else {
            // A file may use the environment; variables in variables would need an order.
            var mistakes = ConfigurationMistakes()
            let file = Interpolation.replaced(
                try ConfigurationFile.read(argument, &mistakes), Variables(environment: environment), &mistakes)
            try mistakes.check()
            for (key, node) in file.entries ?? [] { given.node[key] = node }
        }
    }

    /// The value of a variable, or an error that says which there are.
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
    /// Sets the value under a path, and makes the maps on the way there.
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
