/// A named parameter of a method.
///
/// A string literal is enough: `RPC("upper", "text") { … }`. A parameter of an optional type may be missing from a
/// request and is then nil; one of any other type may have a default.
public struct Parameter<T: Decodable & Sendable>: Sendable, ExpressibleByStringLiteral {
    /// The name of the argument in a request.
    public let name: String

    /// The value for a missing argument; nil if the argument is required.
    let absent: T?

    /// A parameter that is required unless its type is optional.
    public init(_ name: String) {
        self.name = name
        // The cast only succeeds for optional types, with the value nil.
        absent = (Any?.none as Any) as? T
    }

    /// A parameter with a default value.
    public init(_ name: String, default value: T) {
        self.name = name
        absent = value
    }

    /// A parameter that is required unless its type is optional.
    public init(stringLiteral name: String) {
        self.init(name)
    }
}

extension Parameter {
    var erased: ErasedParameter { ErasedParameter(name, T.self, absent: absent) }
}
