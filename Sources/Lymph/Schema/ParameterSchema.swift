package import MessagePack

/// What a method takes under one name.
package struct ParameterSchema: Sendable, Hashable {
    package let name: String
    /// Nil if unknown.
    package let type: TypeSchema?
    package let isRequired: Bool
    /// The value for a missing argument. Nil if that is nil, unknown, or too large to tell.
    package let defaultValue: Value?

    package init(_ name: String, _ type: TypeSchema?, isRequired: Bool = true, defaultValue: Value? = nil) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.defaultValue = defaultValue
    }
}
