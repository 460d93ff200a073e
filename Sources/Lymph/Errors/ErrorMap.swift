internal import MessagePack

/// Turns remote errors into errors of the caller's own, by the name of their type.
///
/// ```swift
/// struct OutOfStock: Error, Codable { let sku: String }
///
/// let inventory = client.proxy("inventory", errors: [OutOfStock.self])
/// ```
///
/// The error's properties travel with it. One whose data is missing or does not fit stays a ``RemoteError``; Python
/// services send no data, which fits a type without required properties. A function can make the error instead:
///
/// ```swift
/// let math = client.proxy("math", errors: ["DivisionByZero": { DivisionByZero(text: $0.message) }])
/// ```
public struct ErrorMap: Sendable {
    private let makers: [String: @Sendable (RemoteError) -> any Error]

    /// Creates a map from type names to functions that make the error.
    public init(_ makers: [String: @Sendable (RemoteError) -> any Error]) {
        self.makers = makers
    }

    /// Creates a map for types that decode themselves from the error's data, by their names.
    public init(_ types: [any (Error & Decodable).Type]) {
        self.init(Dictionary(types.map { ("\($0)", Self.decoding($0)) }) { $1 })
    }

    /// The error that the caller sees.
    func map(_ error: RemoteError) -> any Error {
        makers[error.type]?(error) ?? error
    }

    private static func decoding<E: Error & Decodable>(_ type: E.Type) -> @Sendable (RemoteError) -> any Error {
        { remote in
            do {
                let data = try (remote.data ?? [:]).encoded()
                return try data.withUnsafeBytes { try MessagePackDecoder.decode(E.self, from: $0) }
            } catch {
                return remote
            }
        }
    }
}

extension ErrorMap: ExpressibleByArrayLiteral {
    /// Creates a map for types that decode themselves from the error's data, by their names.
    public init(arrayLiteral types: any (Error & Decodable).Type...) {
        self.init(types)
    }
}

extension ErrorMap: ExpressibleByDictionaryLiteral {
    /// Creates a map; if a name occurs twice, the last entry wins.
    public init(dictionaryLiteral elements: (String, @Sendable (RemoteError) -> any Error)...) {
        self.init(Dictionary(elements) { $1 })
    }
}
