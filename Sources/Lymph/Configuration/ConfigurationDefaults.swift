/// The default of a setting, and of each key below it.
final class ConfigurationDefaults {
    /// The default itself; nil for a container that a type nests in its own keys.
    private var value: (any Encodable)?

    private var children: [String: ConfigurationDefaults] = [:]

    /// Whether it has keys.
    private(set) var isMap = false

    /// Whether it is a ``Required`` setting without a value.
    private var isUnset = false

    private init() {}

    /// Records what a value encodes.
    init(of value: any Encodable) throws {
        self.value = value
        try value.encode(to: DefaultsRecorder(defaults: self))
    }

    subscript(key: String) -> ConfigurationDefaults? { children[key] }

    /// Whether a ``Required`` setting in it has no value.
    private var isIncomplete: Bool { isUnset || children.values.contains(where: \.isIncomplete) }

    /// The default as the type of its property; nil if it must not be used.
    func complete<T>(as type: T.Type) -> T? { isIncomplete ? nil : value as? T }

    fileprivate func beginMap() { isMap = true }

    fileprivate func add(_ value: any Encodable, _ key: String) throws {
        children[key] = try ConfigurationDefaults(of: value)
    }

    fileprivate func addContainer(_ key: String) -> DefaultsRecorder {
        let child = ConfigurationDefaults()
        children[key] = child
        return DefaultsRecorder(defaults: child)
    }

    fileprivate func addElement(_ value: any Encodable) throws { try add(value, "\(children.count)") }
    fileprivate func addElementContainer() -> DefaultsRecorder { addContainer("\(children.count)") }
    fileprivate var count: Int { children.count }

    fileprivate func leaveUnset() { isUnset = true }
}

/// An encoder that keeps each value as it is, so that nothing has to be converted back.
struct DefaultsRecorder: Encoder {
    fileprivate let defaults: ConfigurationDefaults

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Notes that a required setting has no value.
    func leaveUnset() { defaults.leaveUnset() }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        defaults.beginMap()
        return KeyedEncodingContainer(DefaultsKeyedContainer<Key>(defaults: defaults))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { DefaultsUnkeyedContainer(defaults: defaults) }
    func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

extension DefaultsRecorder: SingleValueEncodingContainer {
    // What has no keys below it is kept by the container around it.
    func encodeNil() {}
    func encode(_ value: Bool) {}
    func encode(_ value: String) {}
    func encode<T: Encodable & Numeric>(_ value: T) {}
    func encode<T: Encodable>(_ value: T) throws { try value.encode(to: self) }
}

private struct DefaultsKeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let defaults: ConfigurationDefaults

    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) {}
    func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try defaults.add(value, key.stringValue) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        defaults.addContainer(key.stringValue).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        defaults.addContainer(key.stringValue).unkeyedContainer()
    }

    // The decoder reads a superclass from the same map, too.
    func superEncoder() -> any Encoder { DefaultsRecorder(defaults: defaults) }
    func superEncoder(forKey key: Key) -> any Encoder { defaults.addContainer(key.stringValue) }
}

private struct DefaultsUnkeyedContainer: UnkeyedEncodingContainer {
    let defaults: ConfigurationDefaults

    var codingPath: [any CodingKey] { [] }
    var count: Int { defaults.count }

    func encodeNil() {}
    func encode<T: Encodable>(_ value: T) throws { try defaults.addElement(value) }

    func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
        defaults.addElementContainer().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { defaults.addElementContainer().unkeyedContainer() }
    func superEncoder() -> any Encoder { defaults.addElementContainer() }
}
