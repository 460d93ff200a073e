internal import MessagePack

/// A method of an interface: its name, its parameters and what it does.
///
/// ```swift
/// RPC("divide", "a", "b", raises: DivisionByZero.self, help: "Divides.") { (_, a: Int, b: Int) in
///     guard b != 0 else { throw DivisionByZero() }
///     return a / b
/// }
/// ```
///
/// The closure runs on the interface's actor. What it returns is the reply's body. Errors are handled by type:
/// - An error of a type in `raises` reaches the caller as a ``RemoteError`` with the name of its type and its
///   description.
/// - A ``RemoteError`` of another service is passed on unchanged if its type name is that of a type in `raises`.
/// - A ``LymphError`` with the code `nack` refuses the request for its `reason`, before anything was done. Its
///   message reaches the caller if the reason is other than `failed`.
/// - Any other error is logged and answered with a NACK of reason `failed`.
public struct RPC<I: Interface>: Sendable {
    let route: InterfaceRoute<I>

    /// The body of all initialisers.
    ///
    /// - Parameters:
    ///   - answer: Makes the answer from what the method returns.
    ///   - call: Takes the arguments one after the other, and calls the method with them.
    init<R: Sendable>(
        _ name: String, _ parameters: [ErasedParameter], _ traits: MethodTraits,
        _ answer: @escaping @Sendable (R) throws -> Answer,
        _ call: @escaping @Sendable (isolated I, inout Arguments) async throws -> R
    ) {
        let schema = LazyMethodSchema(parameters, returning: R.self, traits)
        route = InterfaceRoute(name: name, parameters: parameters.map(\.name), traits: traits, schema: schema) { me in
            { request in
                var arguments = try Arguments(request.message.payload, parameters)
                return try answer(await call(me, &arguments))
            }
        }
    }

    // Initialisers for up to eight parameters are in RPC+Arities.swift.

    /// A method with more than eight parameters and a result. Its closure must name the actor that it is isolated to:
    /// `{ (me: isolated Orders, a: Int, …) in … }`. Closures with fewer parameters need not.
    ///
    /// - Parameters:
    ///   - name: The method's name, without the interface's.
    ///   - parameter: The parameters, in the order of the closure's.
    ///   - raises: The types of the errors that reach callers.
    ///   - idempotent: Whether executing a call twice does no harm. Told to callers by `lymph inspect`.
    ///   - help: What the method does, for `lymph inspect`.
    ///   - body: The method.
    @_disfavoredOverload
    public init<each A, R: Encodable & Sendable>(
        _ name: String, _ parameter: repeat Parameter<each A>, raises: any Error.Type..., idempotent: Bool = false,
        help: String = "", _ body: @escaping @Sendable (isolated I, repeat each A) async throws -> R
    ) {
        self.init(name, erased(repeat each parameter), .init(raises, idempotent, help), Answer.result) {
            me, arguments in
            try await body(me, repeat arguments.next() as each A)
        }
    }

    /// A method with more than eight parameters and without a result: the reply's body is nil.
    @_disfavoredOverload
    public init<each A>(
        _ name: String, _ parameter: repeat Parameter<each A>, raises: any Error.Type..., idempotent: Bool = false,
        help: String = "", _ body: @escaping @Sendable (isolated I, repeat each A) async throws -> Void
    ) {
        self.init(name, erased(repeat each parameter), .init(raises, idempotent, help), Answer.nothing) {
            me, arguments in
            try await body(me, repeat arguments.next() as each A)
        }
    }
}

private func erased<each A>(_ parameter: repeat Parameter<each A>) -> [ErasedParameter] {
    var result: [ErasedParameter] = []
    for parameter in repeat each parameter { result.append(parameter.erased) }
    return result
}
