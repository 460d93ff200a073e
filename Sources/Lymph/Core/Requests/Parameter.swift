/// A named parameter of a method.
///
/// A string literal is enough: `RPC("upper", "text") { … }`. A parameter of an optional type may be missing from a request
/// and is nil then; any other can be given a default.
public struct Parameter<T: Decodable & Sendable>: Sendable, ExpressibleByStringLiteral {
    /// The name by which callers give the argument.
    public let name: String

    /// What the method gets when the argument is missing; nil if it must not be.
    let absent: T?

    /// A parameter that callers must give, unless its type is optional.
    public init(_ name: String) {
        self.name = name
        // Succeeds for optional types only, with nil.
        absent = (Any?.none as Any) as? T
    }

    /// A parameter that callers may leave out.
    public init(_ name: String, default value: T) {
        self.name = name
        absent = value
    }

    /// A parameter that callers must give, unless its type is optional.
    public init(stringLiteral name: String) {
        self.init(name)
    }
}

/// What is known of a parameter without its type: to look up types such as `Parameter<A>` for every request would take as long as
/// all else that is done with its arguments.
struct ErasedParameter: Sendable {
    let name: String
    /// What the method gets for an argument that is missing; nil if it must not be.
    var absent: (any Sendable)?
}

extension Parameter {
    var erased: ErasedParameter { ErasedParameter(name: name, absent: absent) }
}
