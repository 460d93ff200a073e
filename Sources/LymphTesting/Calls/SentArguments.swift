public import MessagePack

/// The arguments of a call, by their names.
public struct SentArguments: Sendable, CustomStringConvertible {
    /// The map of arguments, encoded.
    let bytes: [UInt8]

    /// The arguments as a map; nil if they can't be read.
    public var value: Value { (try? bytes.withUnsafeBytes { try Value(decoding: $0) }) ?? .nil }

    /// An argument; nil if it wasn't sent.
    public subscript(name: String) -> Value? { value[name] }

    /// An argument as a type: `let amount: Int = try arguments.get("amount")`.
    ///
    /// - Throws: ``TestFailure`` if it wasn't sent or doesn't fit the type. An argument of an optional type may be
    ///   missing.
    public func get<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
        let absent: Value? = T.self is any ExpressibleByNilLiteral.Type ? .some(.nil) : .none
        guard let argument = self[name] ?? absent else {
            throw TestFailure("there is no argument \(name) in \(self)")
        }
        do { return try argument.decode(type) } catch {
            throw TestFailure("the argument \(name) in \(self) can't be read as \(type): \(error)")
        }
    }

    /// Decodes the arguments as a type with a property for each.
    ///
    /// - Throws: ``TestFailure`` if they don't fit the type.
    public func decode<T: Decodable>(as type: T.Type = T.self) throws -> T {
        do { return try bytes.withUnsafeBytes { try MessagePackDecoder.decode(type, from: $0) } } catch {
            throw TestFailure("the arguments \(self) can't be read as \(type): \(error)")
        }
    }

    /// The arguments as in a call: `(amount: 5, id: "a")`.
    public var description: String {
        let pairs = (value.mapValue ?? Map()).map { "\($0.key.stringValue ?? "\($0.key)"): \($0.value)" }
        return "(\(pairs.joined(separator: ", ")))"
    }

    /// Whether all the arguments in a map were sent with these values. Others may have been sent as well.
    func match(_ expected: Value) -> Bool {
        let sent = value
        return (expected.mapValue ?? Map()).allSatisfy { sent[$0.key] == $0.value }
    }
}
