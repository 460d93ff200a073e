internal import MessagePack
internal import ZeroMQ

/// What a method takes, returns and raises.
package struct MethodSchema: Sendable, Hashable {
    /// A declared error.
    package struct Raised: Sendable, Hashable {
        package let name: String
        /// What the error carries besides its text.
        package let fields: [TypeDefinition.Field]

        package init(_ name: String, _ fields: [TypeDefinition.Field] = []) {
            self.name = name
            self.fields = fields
        }
    }

    package let parameters: [ParameterSchema]
    /// Nil if unknown; a method without a result returns nil.
    package let result: TypeSchema?
    package let raises: [Raised]
    /// Nil if unknown.
    package let isIdempotent: Bool?
    /// The named types, each once, in the order of their first mention.
    package let definitions: [TypeDefinition]

    /// Whether all parameters and their types are known. Of a method about which nothing else is known, none may be
    /// known because it takes anything.
    package var areParametersKnown: Bool {
        parameters.allSatisfy { $0.type != nil } && (!parameters.isEmpty || result != nil)
    }

    /// - Parameter definitions: At least the named types that the others mention.
    package init(
        parameters: [ParameterSchema] = [], result: TypeSchema? = nil, raises: [Raised] = [], isIdempotent: Bool? = nil,
        definitions: [TypeDefinition] = []
    ) {
        self.parameters = parameters
        self.result = result
        self.raises = raises
        self.isIdempotent = isIdempotent
        let types = parameters.compactMap(\.type) + [result].compactMap(\.self)
        self.definitions = definitions.needed(by: types + raises.flatMap { $0.fields.map(\.type) })
    }
}

extension MethodSchema {
    /// Finds out the schema of a method from its types.
    ///
    /// It lets the types decode themselves from made-up values, so it must not be done in the course of a call.
    ///
    /// - Parameters:
    ///   - parameters: The parameters as a route knows them.
    ///   - result: What the method returns; nil if unknown.
    ///   - raises: The errors that reach callers.
    ///   - isIdempotent: Whether the method may run twice for one call.
    init(
        of parameters: [ErasedParameter], returning result: Any.Type?, raises: [any Error.Type],
        isIdempotent: Bool? = nil
    ) {
        let probe = Probe()
        let parameters = parameters.map { parameter in
            ParameterSchema(
                parameter.name, probe.schema(of: parameter.type), isRequired: parameter.absent == nil,
                defaultValue: parameter.absent.flatMap(Self.value))
        }
        let result = result.map { probe.schema(of: $0) }
        // Only an encodable error carries data.
        let raises = raises.map { Raised("\($0)", $0 is any Encodable.Type ? probe.fields(of: $0) : []) }
        self.init(
            parameters: parameters, result: result, raises: raises, isIdempotent: isIdempotent,
            definitions: probe.definitions)
    }

    /// The largest default that is told, in bytes.
    static let longestDefault = 500

    private static func value(of absent: any Sendable) -> Value? {
        guard let absent = absent as? any Encodable, let bytes = try? MessagePackEncoder.encode(absent),
            bytes.count <= longestDefault, let value = try? Value(decoding: bytes), !value.isNil
        else { return nil }
        return value
    }
}

/// The schema of a method, found out when it is first asked for.
package final class LazyMethodSchema: Sendable {
    private let make: @Sendable () -> MethodSchema
    private let made = Lock<MethodSchema?>(nil)

    package init(_ make: @escaping @Sendable () -> MethodSchema) { self.make = make }

    /// The schema if it has been found out already.
    package var known: MethodSchema? { made.withLock { $0 } }

    package var value: MethodSchema {
        if let known { return known }
        // Not under the lock: the types run their own code. Whoever is second gets the same result.
        let value = make()
        made.withLock { $0 = value }
        return value
    }
}
