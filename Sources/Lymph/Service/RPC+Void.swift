// The same as RPC+Results.swift, for methods without a result.
extension RPC {
    /// A method without parameters and without a result: the reply's body is nil.
    public init(
        _ name: String, raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I) async throws -> Void
    ) {
        route = .init(name, [], raises, help) { me, parameters in
            { request in
                _ = try Arguments(request.message.payload, parameters)
                try await body(me)
                return .nothing
            }
        }
    }

    /// A method with one parameter and without a result: the reply's body is nil.
    public init<A>(
        _ name: String, _ a: Parameter<A>, raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I, A) async throws -> Void
    ) {
        route = .init(name, [a.erased], raises, help) { me, parameters in
            { request in
                var rest = try Arguments(request.message.payload, parameters)
                try await body(me, rest.next())
                return .nothing
            }
        }
    }

    /// A method with two parameters and without a result: the reply's body is nil.
    public init<A, B>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B) async throws -> Void
    ) {
        route = .init(name, [a.erased, b.erased], raises, help) { me, parameters in
            { request in
                var rest = try Arguments(request.message.payload, parameters)
                try await body(me, rest.next(), rest.next())
                return .nothing
            }
        }
    }

    /// A method with three parameters and without a result: the reply's body is nil.
    public init<A, B, C>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, raises: any Error.Type...,
        help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C) async throws -> Void
    ) {
        route = .init(name, [a.erased, b.erased, c.erased], raises, help) { me, parameters in
            { request in
                var rest = try Arguments(request.message.payload, parameters)
                try await body(me, rest.next(), rest.next(), rest.next())
                return .nothing
            }
        }
    }

    /// A method with four parameters and without a result: the reply's body is nil.
    public init<A, B, C, D>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>,
        raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D) async throws -> Void
    ) {
        route = .init(name, [a.erased, b.erased, c.erased, d.erased], raises, help) { me, parameters in
            { request in
                var rest = try Arguments(request.message.payload, parameters)
                try await body(me, rest.next(), rest.next(), rest.next(), rest.next())
                return .nothing
            }
        }
    }

    /// A method with five parameters and without a result: the reply's body is nil.
    public init<A, B, C, D, E>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E) async throws -> Void
    ) {
        route = .init(name, [a.erased, b.erased, c.erased, d.erased, e.erased], raises, help) { me, parameters in
            { request in
                var rest = try Arguments(request.message.payload, parameters)
                try await body(me, rest.next(), rest.next(), rest.next(), rest.next(), rest.next())
                return .nothing
            }
        }
    }

    /// A method with six parameters and without a result: the reply's body is nil.
    public init<A, B, C, D, E, F>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        _ f: Parameter<F>, raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E, F) async throws -> Void
    ) {
        route = .init(name, [a.erased, b.erased, c.erased, d.erased, e.erased, f.erased], raises, help) {
            me, parameters in
            { request in
                var rest = try Arguments(request.message.payload, parameters)
                try await body(me, rest.next(), rest.next(), rest.next(), rest.next(), rest.next(), rest.next())
                return .nothing
            }
        }
    }

    /// A method with seven parameters and without a result: the reply's body is nil.
    public init<A, B, C, D, E, F, G>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        _ f: Parameter<F>, _ g: Parameter<G>, raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E, F, G) async throws -> Void
    ) {
        route = .init(name, [a.erased, b.erased, c.erased, d.erased, e.erased, f.erased, g.erased], raises, help) {
            me, parameters in
            { request in
                var rest = try Arguments(request.message.payload, parameters)
                try await body(
                    me, rest.next(), rest.next(), rest.next(), rest.next(), rest.next(), rest.next(), rest.next())
                return .nothing
            }
        }
    }

    /// A method with eight parameters and without a result: the reply's body is nil.
    public init<A, B, C, D, E, F, G, H>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        _ f: Parameter<F>, _ g: Parameter<G>, _ h: Parameter<H>, raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E, F, G, H) async throws -> Void
    ) {
        route = .init(
            name, [a.erased, b.erased, c.erased, d.erased, e.erased, f.erased, g.erased, h.erased], raises, help
        ) { me, parameters in
            { request in
                var rest = try Arguments(request.message.payload, parameters)
                try await body(
                    me, rest.next(), rest.next(), rest.next(), rest.next(), rest.next(), rest.next(), rest.next(),
                    rest.next())
                return .nothing
            }
        }
    }
}
