// One initialiser for each number of parameters: the isolation of a closure is not inferred from a parameter pack
// unless the pack has exactly one element (Swift 6.3), and `{ me, a, b in me.total += a * b }` has to run on the
// actor without saying so.
extension RPC {
    /// A method without parameters, with a result.
    public init<R: Encodable & Sendable>(
        _ name: String, raises: any Error.Type..., idempotent: Bool = false, allow: Allowance = .everybody,
        help: String = "",
        _ body: @escaping @Sendable (isolated I) async throws -> R
    ) {
        self.init(name, [], .init(raises, idempotent, help, allow), Answer.result) { me, request, _ in
            try request.begin()
            return try await body(me)
        }
    }

    /// A method with one parameter and a result.
    public init<A, R: Encodable & Sendable>(
        _ name: String, _ a: Parameter<A>, raises: any Error.Type..., idempotent: Bool = false,
        allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A) async throws -> R
    ) {
        self.init(name, [a.erased], .init(raises, idempotent, help, allow), Answer.result) { me, request, arguments in
            try request.begin()
            return try await body(me, arguments.next())
        }
    }

    /// A method with two parameters and a result.
    public init<A, B, R: Encodable & Sendable>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, raises: any Error.Type..., idempotent: Bool = false,
        allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B) async throws -> R
    ) {
        self.init(name, [a.erased, b.erased], .init(raises, idempotent, help, allow), Answer.result) {
            me, request, arguments in
            try request.begin()
            return try await body(me, arguments.next(), arguments.next())
        }
    }

    /// A method with three parameters and a result.
    public init<A, B, C, R: Encodable & Sendable>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, raises: any Error.Type...,
        idempotent: Bool = false, allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C) async throws -> R
    ) {
        self.init(name, [a.erased, b.erased, c.erased], .init(raises, idempotent, help, allow), Answer.result) {
            me, request, arguments in
            try request.begin()
            return try await body(me, arguments.next(), arguments.next(), arguments.next())
        }
    }

    /// A method with four parameters and a result.
    public init<A, B, C, D, R: Encodable & Sendable>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>,
        raises: any Error.Type..., idempotent: Bool = false, allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D) async throws -> R
    ) {
        self.init(
            name, [a.erased, b.erased, c.erased, d.erased], .init(raises, idempotent, help, allow), Answer.result
        ) {
            me, request, arguments in
            try request.begin()
            return try await body(me, arguments.next(), arguments.next(), arguments.next(), arguments.next())
        }
    }

    /// A method with five parameters and a result.
    public init<A, B, C, D, E, R: Encodable & Sendable>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        raises: any Error.Type..., idempotent: Bool = false, allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E) async throws -> R
    ) {
        self.init(
            name, [a.erased, b.erased, c.erased, d.erased, e.erased], .init(raises, idempotent, help, allow),
            Answer.result
        ) { me, request, arguments in
            try request.begin()
            return try await body(
                me, arguments.next(), arguments.next(), arguments.next(), arguments.next(), arguments.next())
        }
    }

    /// A method with six parameters and a result.
    public init<A, B, C, D, E, F, R: Encodable & Sendable>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        _ f: Parameter<F>, raises: any Error.Type..., idempotent: Bool = false, allow: Allowance = .everybody,
        help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E, F) async throws -> R
    ) {
        self.init(
            name, [a.erased, b.erased, c.erased, d.erased, e.erased, f.erased], .init(raises, idempotent, help, allow),
            Answer.result
        ) { me, request, arguments in
            try request.begin()
            return try await body(
                me, arguments.next(), arguments.next(), arguments.next(), arguments.next(), arguments.next(),
                arguments.next())
        }
    }

    /// A method with seven parameters and a result.
    public init<A, B, C, D, E, F, G, R: Encodable & Sendable>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        _ f: Parameter<F>, _ g: Parameter<G>, raises: any Error.Type..., idempotent: Bool = false,
        allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E, F, G) async throws -> R
    ) {
        self.init(
            name, [a.erased, b.erased, c.erased, d.erased, e.erased, f.erased, g.erased],
            .init(raises, idempotent, help, allow), Answer.result
        ) { me, request, arguments in
            try request.begin()
            return try await body(
                me, arguments.next(), arguments.next(), arguments.next(), arguments.next(), arguments.next(),
                arguments.next(), arguments.next())
        }
    }

    /// A method with eight parameters and a result.
    public init<A, B, C, D, E, F, G, H, R: Encodable & Sendable>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        _ f: Parameter<F>, _ g: Parameter<G>, _ h: Parameter<H>, raises: any Error.Type..., idempotent: Bool = false,
        allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E, F, G, H) async throws -> R
    ) {
        self.init(
            name, [a.erased, b.erased, c.erased, d.erased, e.erased, f.erased, g.erased, h.erased],
            .init(raises, idempotent, help, allow), Answer.result
        ) { me, request, arguments in
            try request.begin()
            return try await body(
                me, arguments.next(), arguments.next(), arguments.next(), arguments.next(), arguments.next(),
                arguments.next(), arguments.next(), arguments.next())
        }
    }
}

// Without a result. They are the second choice, because a closure that consists of an `if` or `switch` with values fits
// them as well as those with a result.
extension RPC {
    /// A method without parameters and without a result: the reply's body is nil.
    @_disfavoredOverload
    public init(
        _ name: String, raises: any Error.Type..., idempotent: Bool = false, allow: Allowance = .everybody,
        help: String = "",
        _ body: @escaping @Sendable (isolated I) async throws -> Void
    ) {
        self.init(name, [], .init(raises, idempotent, help, allow), Answer.nothing) { me, request, _ in
            try request.begin()
            return try await body(me)
        }
    }

    /// A method with one parameter and without a result: the reply's body is nil.
    @_disfavoredOverload
    public init<A>(
        _ name: String, _ a: Parameter<A>, raises: any Error.Type..., idempotent: Bool = false,
        allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A) async throws -> Void
    ) {
        self.init(name, [a.erased], .init(raises, idempotent, help, allow), Answer.nothing) { me, request, arguments in
            try request.begin()
            return try await body(me, arguments.next())
        }
    }

    /// A method with two parameters and without a result: the reply's body is nil.
    @_disfavoredOverload
    public init<A, B>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, raises: any Error.Type..., idempotent: Bool = false,
        allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B) async throws -> Void
    ) {
        self.init(name, [a.erased, b.erased], .init(raises, idempotent, help, allow), Answer.nothing) {
            me, request, arguments in
            try request.begin()
            return try await body(me, arguments.next(), arguments.next())
        }
    }

    /// A method with three parameters and without a result: the reply's body is nil.
    @_disfavoredOverload
    public init<A, B, C>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, raises: any Error.Type...,
        idempotent: Bool = false, allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C) async throws -> Void
    ) {
        self.init(name, [a.erased, b.erased, c.erased], .init(raises, idempotent, help, allow), Answer.nothing) {
            me, request, arguments in
            try request.begin()
            return try await body(me, arguments.next(), arguments.next(), arguments.next())
        }
    }

    /// A method with four parameters and without a result: the reply's body is nil.
    @_disfavoredOverload
    public init<A, B, C, D>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>,
        raises: any Error.Type..., idempotent: Bool = false, allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D) async throws -> Void
    ) {
        self.init(
            name, [a.erased, b.erased, c.erased, d.erased], .init(raises, idempotent, help, allow), Answer.nothing
        ) {
            me, request, arguments in
            try request.begin()
            return try await body(me, arguments.next(), arguments.next(), arguments.next(), arguments.next())
        }
    }

    /// A method with five parameters and without a result: the reply's body is nil.
    @_disfavoredOverload
    public init<A, B, C, D, E>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        raises: any Error.Type..., idempotent: Bool = false, allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E) async throws -> Void
    ) {
        self.init(
            name, [a.erased, b.erased, c.erased, d.erased, e.erased], .init(raises, idempotent, help, allow),
            Answer.nothing
        ) { me, request, arguments in
            try request.begin()
            return try await body(
                me, arguments.next(), arguments.next(), arguments.next(), arguments.next(), arguments.next())
        }
    }

    /// A method with six parameters and without a result: the reply's body is nil.
    @_disfavoredOverload
    public init<A, B, C, D, E, F>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        _ f: Parameter<F>, raises: any Error.Type..., idempotent: Bool = false, allow: Allowance = .everybody,
        help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E, F) async throws -> Void
    ) {
        self.init(
            name, [a.erased, b.erased, c.erased, d.erased, e.erased, f.erased], .init(raises, idempotent, help, allow),
            Answer.nothing
        ) { me, request, arguments in
            try request.begin()
            return try await body(
                me, arguments.next(), arguments.next(), arguments.next(), arguments.next(), arguments.next(),
                arguments.next())
        }
    }

    /// A method with seven parameters and without a result: the reply's body is nil.
    @_disfavoredOverload
    public init<A, B, C, D, E, F, G>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        _ f: Parameter<F>, _ g: Parameter<G>, raises: any Error.Type..., idempotent: Bool = false,
        allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E, F, G) async throws -> Void
    ) {
        self.init(
            name, [a.erased, b.erased, c.erased, d.erased, e.erased, f.erased, g.erased],
            .init(raises, idempotent, help, allow), Answer.nothing
        ) { me, request, arguments in
            try request.begin()
            return try await body(
                me, arguments.next(), arguments.next(), arguments.next(), arguments.next(), arguments.next(),
                arguments.next(), arguments.next())
        }
    }

    /// A method with eight parameters and without a result: the reply's body is nil.
    @_disfavoredOverload
    public init<A, B, C, D, E, F, G, H>(
        _ name: String, _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>, _ d: Parameter<D>, _ e: Parameter<E>,
        _ f: Parameter<F>, _ g: Parameter<G>, _ h: Parameter<H>, raises: any Error.Type..., idempotent: Bool = false,
        allow: Allowance = .everybody, help: String = "",
        _ body: @escaping @Sendable (isolated I, A, B, C, D, E, F, G, H) async throws -> Void
    ) {
        self.init(
            name, [a.erased, b.erased, c.erased, d.erased, e.erased, f.erased, g.erased, h.erased],
            .init(raises, idempotent, help, allow), Answer.nothing
        ) { me, request, arguments in
            try request.begin()
            return try await body(
                me, arguments.next(), arguments.next(), arguments.next(), arguments.next(), arguments.next(),
                arguments.next(), arguments.next(), arguments.next())
        }
    }
}
