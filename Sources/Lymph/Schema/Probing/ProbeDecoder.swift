internal import ZeroMQ

/// A decoder without data.
struct ProbeDecoder: Decoder {
    let pass: ProbePass
    let node: ProbeNode

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try pass.probe.step()
        node.openMap()
        return KeyedDecodingContainer(ProbeKeyed(pass: pass, node: node))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try pass.probe.step()
        node.openList()
        return ProbeUnkeyed(pass: pass, node: node)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        try pass.probe.step()
        return ProbeSingle(pass: pass, node: node)
    }
}

private struct ProbeSingle: SingleValueDecodingContainer {
    let pass: ProbePass
    let node: ProbeNode

    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool {
        node.askedWhetherNil()
        return false
    }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        node.attemptSingle()
        if pass.refusesSingle { throw ProbeRefusal() }
        if node === pass.root, let raw = pass.raw as? T {
            try pass.probe.step()
            pass.gaveRaw = true
            node.add(single: pass.probe.schema(of: type))
            return raw
        }
        return try pass.value(type) { node.add(single: $0) }
    }
}

private struct ProbeUnkeyed: UnkeyedDecodingContainer {
    let pass: ProbePass
    let node: ProbeNode
    private(set) var currentIndex = 0
    private var isNullable = false
    /// More elements than this are not at fixed places.
    private static let limit = 64

    init(pass: ProbePass, node: ProbeNode) {
        self.pass = pass
        self.node = node
    }

    var codingPath: [any CodingKey] { [] }

    var count: Int? {
        node.isList = true
        return 1
    }

    var isAtEnd: Bool {
        node.isList = true
        // A loop may ask again and again without reading anything.
        do { try pass.probe.step() } catch { return true }
        return currentIndex >= 1
    }

    mutating func decodeNil() throws -> Bool {
        try pass.probe.step()
        isNullable = true
        return false
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        try advance()
        defer { isNullable = false }
        return try pass.value(type) { node.add(element: $0, isNullable: isNullable) }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try child().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try child().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder { try child() }

    private mutating func child() throws -> ProbeDecoder {
        try advance()
        return ProbeDecoder(pass: pass, node: try node.addElement())
    }

    private mutating func advance() throws {
        guard currentIndex < Self.limit else { throw ProbeRefusal() }
        currentIndex += 1
    }
}

private struct ProbeKeyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let pass: ProbePass
    let node: ProbeNode

    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] {
        guard node === pass.root, let keys = EnumCases.all(of: Key.self), keys.indices.contains(pass.choice) else {
            node.isOpen = true
            return []
        }
        pass.choices = keys.map(\.stringValue)
        return [keys[pass.choice]]
    }

    func contains(_ key: Key) -> Bool {
        node.askedWhetherPresent(key.stringValue)
        return true
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        try pass.probe.step()
        node.askedWhetherNil(key.stringValue)
        return false
    }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try pass.value(type) { node.add(key.stringValue, $0, isRequired: true) }
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        try pass.probe.step()
        // Nothing is hidden if there is no value.
        let (schema, value) = pass.probe.value(type, pass.seed)
        node.add(key.stringValue, .optional(of: schema), isRequired: false)
        return value
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try child(key.stringValue).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try child(key.stringValue).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try child("super") }

    func superDecoder(forKey key: Key) throws -> any Decoder { try child(key.stringValue) }

    private func child(_ name: String) throws -> ProbeDecoder {
        try pass.probe.step()
        return ProbeDecoder(pass: pass, node: try node.addNode(name))
    }
}
