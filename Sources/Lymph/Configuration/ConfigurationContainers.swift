/// A map as `Decodable` types see it.
struct ConfigurationKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let configuration: Configuration
    let reading: ConfigurationReading
    let repairs: ConfigurationRepairs
    let defaults: ConfigurationDefaults?
    let codingPath: [any CodingKey]

    var allKeys: [Key] {
        reading.everyKey()
        return configuration.keys.compactMap(Key.init(stringValue:))
    }

    func contains(_ key: Key) -> Bool {
        reading.ask(key.stringValue)
        return configuration.property(key.stringValue) != nil || defaults?[key.stringValue] != nil
    }

    func decodeNil(forKey key: Key) throws -> Bool { try part(key).isNull }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        reading.ask(key.stringValue)
        let fallback = defaults?[key.stringValue]
        return try repairs.value(
            type, at: configuration.pathOf(key.stringValue), substitute: fallback?.complete(as: type)
        ) {
            guard let part = configuration.property(key.stringValue) else { return try absent(key, type, fallback) }
            return try part.decode(type, startingFrom: fallback)
        }
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        reading.ask(key.stringValue)
        let fallback = defaults?[key.stringValue]
        // Decoded as an optional, so that a type without a substitute can be replaced by nil.
        return try repairs.value(T?.self, at: configuration.pathOf(key.stringValue)) {
            guard let part = configuration.property(key.stringValue) else {
                return try fallback.map { try absent(key, type, $0) }
            }
            return part.isNull ? nil : try part.decode(type, startingFrom: fallback)
        }
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        ConfigurationDecoder(configuration: configuration, repairs: repairs, defaults: defaults)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    private func decoder(_ key: Key) throws -> ConfigurationDecoder {
        ConfigurationDecoder(
            configuration: try part(key), repairs: repairs, defaults: defaults?[key.stringValue],
            codingPath: codingPath + [key])
    }

    /// What is written for a key, or an empty map in whose place there are defaults.
    private func part(_ key: Key) throws -> Configuration {
        reading.ask(key.stringValue)
        if let part = configuration.property(key.stringValue) { return part }
        guard defaults?[key.stringValue] != nil else {
            throw configuration.makeMissingError(key.stringValue.snakeCase, Any.self)
        }
        return configuration.emptyMap(key.stringValue)
    }

    /// The value of a key that isn't written.
    private func absent<T: Decodable>(_ key: Key, _ type: T.Type, _ fallback: ConfigurationDefaults?) throws -> T {
        if let value = fallback?.complete(as: type) { return value }
        // A section with required keys: each of them is missing.
        if let fallback, fallback.isMap, !ConfigurationScalars.isCollection(type) {
            return try configuration.emptyMap(key.stringValue).decode(type, startingFrom: fallback)
        }
        throw configuration.makeMissingError(key.stringValue.snakeCase, type)
    }
}

extension Configuration {
    /// A section that isn't written.
    fileprivate func emptyMap(_ name: String) -> Configuration {
        part(ConfigurationNode(.map([]), at: origin), path: pathOf(name.snakeCase))
    }
}

/// A list as `Decodable` types see it.
struct ConfigurationUnkeyedContainer: UnkeyedDecodingContainer {
    let list: Configuration
    let elements: [Configuration]
    let repairs: ConfigurationRepairs
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    init(
        list: Configuration, elements: [Configuration], repairs: ConfigurationRepairs, codingPath: [any CodingKey]
    ) {
        self.list = list
        self.elements = elements
        self.repairs = repairs
        self.codingPath = codingPath
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        let isNull = try current().isNull
        if isNull { currentIndex += 1 }
        return isNull
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let element = try next()
        return try repairs.value(type, at: element.path) { try element.decode(type) }
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try ConfigurationDecoder(configuration: next(), repairs: repairs).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try ConfigurationDecoder(configuration: next(), repairs: repairs).unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder {
        ConfigurationDecoder(configuration: try next(), repairs: repairs)
    }

    private func current() throws -> Configuration {
        guard !isAtEnd else { throw list.error("the list has \(elements.count) elements; more are needed") }
        return elements[currentIndex]
    }

    private mutating func next() throws -> Configuration {
        let element = try current()
        currentIndex += 1
        return element
    }
}

/// A scalar as `Decodable` types see it.
struct ConfigurationSingleValueContainer: SingleValueDecodingContainer {
    let configuration: Configuration
    let defaults: ConfigurationDefaults?
    let codingPath: [any CodingKey]

    func decodeNil() -> Bool { configuration.isNull }
    func decode(_ type: Bool.Type) throws -> Bool { try configuration.bool() }
    func decode(_ type: String.Type) throws -> String { try configuration.text() }
    func decode(_ type: Double.Type) throws -> Double { try configuration.number() }
    func decode(_ type: Float.Type) throws -> Float { Float(try configuration.number()) }
    func decode<T: Decodable & FixedWidthInteger>(_ type: T.Type) throws -> T { try configuration.integer(type) }
    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        try configuration.decode(type, startingFrom: defaults)
    }
}
