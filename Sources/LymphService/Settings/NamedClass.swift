internal import Lymph

/// Something that a configuration selects by the name of its class.
protocol NamedClass {
    /// The values of `class` that select it; the first one is the usual one.
    var names: [String] { get }
}

extension RegistryClass: NamedClass {}
extension InterceptorClass: NamedClass {}

extension Configuration {
    /// A class that this part names, with its settings: a map with `class`, or only a name, if there are no settings.
    struct NamedPart {
        let name: String
        /// Where the name is.
        let naming: Configuration
        /// The map that contains `class`; empty if there is only a name.
        let settings: Configuration
    }

    /// - Parameter classes: The classes to list in an error.
    func namedPart(_ classes: [some NamedClass]) throws(ConfigurationError) -> NamedPart {
        if node.text != nil {
            let empty = Configuration(ConfigurationNode(.map([]), at: origin), path: path)
            return NamedPart(name: try decode(), naming: self, settings: empty)
        }
        guard let naming = self["class"] else {
            guard node.entries != nil else { throw mismatch(allowed: "a map with a class") }
            throw ConfigurationError(at: origin, pathOf("class"), "is missing", allowed: classes.allowed)
        }
        return NamedPart(name: try naming.decode(), naming: naming, settings: self)
    }

    /// Makes something of this part. An error that says nothing about its place gets this one.
    func make<T>(_ body: () throws -> T) throws(ConfigurationError) -> T {
        do {
            return try body()
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw self.error("\(error)")
        }
    }
}

extension Configuration.NamedPart {
    /// - Parameter what: What the classes are, in a message.
    func find<C: NamedClass>(_ what: String, among classes: [C]) throws(ConfigurationError) -> C {
        if let found = classes.first(where: { $0.names.contains(name) }) { return found }
        var error = ConfigurationError(
            at: naming.origin, naming.path, unknown: "there is no \(what) class \(name.debugDescription)", name,
            among: classes.flatMap(\.names))
        error.problems[0].allowed = classes.allowed
        throw error
    }
}

extension Array where Element: NamedClass {
    /// The usual names, for error messages.
    var allowed: String { Set(compactMap(\.names.first)).sorted().joined(separator: ", ") }
}
