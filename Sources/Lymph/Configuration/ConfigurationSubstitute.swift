/// Stand-ins for wrong values. They are small but not zero, so that code which computes with them finds nothing
/// wrong.
enum Substitute {
    static func value<T: Decodable>(of type: T.Type) -> T? {
        if let known = known(type) as? T { return known }
        return try? T(from: SubstituteDecoder(depth: 0))
    }

    static func known(_ type: any Any.Type) -> Any? {
        if type == Duration.self { return Duration.seconds(1) }
        if type == Configuration.self { return Configuration(nilLiteral: ()) }
        return (type as? any CaseIterable.Type).flatMap { first($0) }
    }

    private static func first<T: CaseIterable>(_ type: T.Type) -> Any? { type.allCases.first }
}

/// A decoder in which every required value is present and small, lists are empty, and optional values are absent.
private struct SubstituteDecoder: Decoder, UnkeyedDecodingContainer, SingleValueDecodingContainer {
    let depth: Int

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    var count: Int? { 0 }
    var isAtEnd: Bool { true }
    var currentIndex: Int { 0 }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(SubstituteContainer<Key>(depth: depth))
    }

    func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        container(keyedBy: type)
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { self }
    func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer { self }
    func singleValueContainer() -> any SingleValueDecodingContainer { self }
    func superDecoder() -> any Decoder { self }
    func decodeNil() -> Bool { true }

    func decode(_ type: Bool.Type) -> Bool { true }
    func decode(_ type: String.Type) -> String { "x" }
    // Covers every number type.
    func decode<T: Decodable & ExpressibleByIntegerLiteral>(_ type: T.Type) -> T { 1 }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        if let known = Substitute.known(type) as? T { return known }
        // A type that contains itself would never end.
        guard depth < 16 else { throw CancellationError() }
        return try T(from: SubstituteDecoder(depth: depth + 1))
    }
}

private struct SubstituteContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let depth: Int

    private var decoder: SubstituteDecoder { SubstituteDecoder(depth: depth) }

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { false }
    func decodeNil(forKey key: Key) -> Bool { true }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try decoder.decode(type) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) -> KeyedDecodingContainer<NestedKey> {
        decoder.container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer { decoder }
    func superDecoder() -> any Decoder { decoder }
    func superDecoder(forKey key: Key) -> any Decoder { decoder }
}
