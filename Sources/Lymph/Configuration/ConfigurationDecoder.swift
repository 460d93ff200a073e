/// Reads `Decodable` types from a configuration.
struct ConfigurationDecoder: Decoder {
    let configuration: Configuration
    let repairs: ConfigurationRepairs
    var defaults: ConfigurationDefaults?
    var codingPath: [any CodingKey] = []
    let reading = ConfigurationReading()

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard configuration.node.entries != nil else { throw configuration.mismatch(allowed: "a map") }
        reading.beginMap()
        return KeyedDecodingContainer(
            ConfigurationKeyedContainer(
                configuration: configuration, reading: reading, repairs: repairs, defaults: defaults,
                codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = configuration.elements else { throw configuration.mismatch(allowed: "a list") }
        return ConfigurationUnkeyedContainer(
            list: configuration, elements: elements, repairs: repairs, codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        ConfigurationSingleValueContainer(configuration: configuration, defaults: defaults, codingPath: codingPath)
    }
}

/// The keys of a map that a type has asked for.
final class ConfigurationReading {
    private var asked: Set<String>?
    private var takesEveryKey = false

    func beginMap() { asked = asked ?? [] }

    func ask(_ key: String) { asked?.insert(key) }

    func everyKey() { takesEveryKey = true }

    /// - Parameter reported: Keys whose mistake has already been reported.
    /// - Throws: One problem for each key that nobody asked for.
    func refuseUnknownKeys(
        of map: Configuration, except reported: Set<String>
    ) throws(ConfigurationError) {
        guard let asked, !takesEveryKey else { return }
        let known = asked.map { $0.snakeCase }
        let fine = reported.union(asked).union(known).union(["class"])
        var mistakes = ConfigurationMistakes()
        for (key, value) in map.children where !fine.contains(key) {
            mistakes.add(.init(at: value.origin, value.path, unknown: "unknown key", key, among: Set(known)))
        }
        try mistakes.check()
    }
}

extension String {
    /// `max_items` for `maxItems`.
    var snakeCase: String {
        var result = ""
        for character in self {
            if character.isUppercase, !result.isEmpty, result.last != "_" { result += "_" }
            result += character.lowercased()
        }
        return result
    }
}

extension Configuration {
    /// The value of a property: under its own name, or in snake case, as files spell it.
    func property(_ name: String) -> Configuration? { child(name) ?? child(name.snakeCase) }
}
