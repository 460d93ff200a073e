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
/// The closure runs on the interface's actor. What it returns is the reply's body. If the compiler warns that its value
/// is unused, then because that isn't `Encodable`: the reply's body would be nil. Errors are handled by type:
/// - An error of a type in `raises` reaches the caller as a ``RemoteError`` with the name of its type and its
///   description.
/// - A ``RemoteError`` of another service is passed on unchanged if its type name is that of a type in `raises`.
/// - A ``LymphError`` with the code `nack` refuses the request for its `reason`, before anything was done. Its
///   message reaches the caller if the reason is other than `failed`.
/// - Any other error is logged and answered with a NACK of reason `failed`.
public struct RPC<I: Interface>: RoutesPart {
    let route: InterfaceRoute<I>

    /// A list with this method only.
    public var routes: Routes<I> { Routes([route]) }

    /// The body of all initialisers.
    ///
    /// - Parameters:
    ///   - answer: Makes the answer from what the method returns.
    ///   - call: Begins the request, takes the arguments one after the other, and calls the method with them.
    init<R: Sendable>(
        _ name: String, _ parameters: [ErasedParameter], _ traits: MethodTraits,
        _ answer: @escaping @Sendable (R) throws -> Answer,
        _ call: @escaping @Sendable (isolated I, any ServerRequest, inout Arguments) async throws -> R
    ) {
        let schema = LazyMethodSchema(traits, taking: parameters, returning: R.self)
        route = InterfaceRoute(name: name, parameters: parameters.map(\.name), traits: traits, schema: schema) { me in
            { request in
                var arguments = try Arguments(request.message.payload, parameters)
                return try answer(await call(me, request, &arguments))
            }
        }
    }

    // Initialisers for up to eight parameters are in RPC+Arities.swift. Those below don't take fewer than nine, so that
    // a mistake with fewer parameters isn't explained in terms of packs.

    /// A method with more than eight parameters and a result. Its closure must name the actor that it is isolated to:
    /// `{ (me: isolated Orders, a: Int, …) in … }`. Closures with fewer parameters need not.
    ///
    /// - Parameters:
    ///   - name: The method's name, without the interface's.
    ///   - a: The first parameter. They are in the order of the closure's.
    ///   - b: The second parameter.
    ///   - c: The third parameter.
    ///   - d: The fourth parameter.
    ///   - e: The fifth parameter.
    ///   - f: The sixth parameter.
    ///   - g: The seventh parameter.
    ///   - h: The eighth parameter.
    ///   - j: The ninth parameter.
    ///   - more: The other parameters.
    ///   - raises: The types of the errors that reach callers.
    ///   - idempotent: Whether executing a call twice does no harm. Told to callers by `lymph inspect`; those in Swift may
    ///     then hedge it (``Hedging``).
    ///   - allow: Whom it allows to call it, besides what the policy says.
    ///   - help: What the method does, for `lymph inspect`.
    ///   - body: The method.
    public init<A, B, C, D, E, F, G, H, J, each K, R: Encodable & Sendable>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        _ f: Parameter<F>, _ g: Parameter<G>, _ h: Parameter<H>, _ j: Parameter<J>, _ more: repeat Parameter<each K>,
        raises: any Error.Type..., idempotent: Bool = false, allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E, F, G, H, J, repeat each K) async throws -> R
    ) {
        let parameters = erased(a, b, c, d, e, f, g, h, j, repeat each more)
        self.init(name, parameters, .init(raises, idempotent, help, allow), Answer.result) { me, request, rest in
            try request.begin()
            return try await body(
                me, rest.next(), rest.next(), rest.next(), rest.next(), rest.next(), rest.next(), rest.next(),
                rest.next(),
                rest.next(), repeat rest.next() as each K)
        }
    }

    /// A method with more than eight parameters and without a result: the reply's body is nil.
    @_disfavoredOverload
    public init<A, B, C, D, E, F, G, H, J, each K>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        _ f: Parameter<F>, _ g: Parameter<G>, _ h: Parameter<H>, _ j: Parameter<J>, _ more: repeat Parameter<each K>,
        raises: any Error.Type..., idempotent: Bool = false, allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E, F, G, H, J, repeat each K) async throws -> Void
    ) {
        let parameters = erased(a, b, c, d, e, f, g, h, j, repeat each more)
        self.init(name, parameters, .init(raises, idempotent, help, allow), Answer.nothing) { me, request, rest in
            try request.begin()
            return try await body(
                me, rest.next(), rest.next(), rest.next(), rest.next(), rest.next(), rest.next(), rest.next(),
                rest.next(),
                rest.next(), repeat rest.next() as each K)
        }
    }
}

private func erased<each A>(_ parameter: repeat Parameter<each A>) -> [ErasedParameter] {
    var result: [ErasedParameter] = []
    for parameter in repeat each parameter { result.append(parameter.erased) }
    return result
}
