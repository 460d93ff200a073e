/// A method of an interface. The types of its parameters are erased once, when the route is made.
struct InterfaceRoute<I: Interface>: Sendable {
    let name: String
    let parameters: [String]
    let traits: MethodTraits
    let schema: LazyMethodSchema
    /// Binds the method to an instance. The resulting function is called directly for every request: each additional
    /// async function in between costs an executor check.
    let bind: @Sendable (I) -> @Sendable (any ServerRequest) async throws -> Answer
}

extension Handler {
    /// Binds a route to an instance of its interface.
    convenience init<I: Interface>(_ route: InterfaceRoute<I>, of interface: I, in context: InterfaceContext) {
        let (body, raises, scope) = (route.bind(interface), route.traits.raises, context.scope)
        let interceptors = context.client.poller.interceptors
        guard interceptors.isEmpty else {
            self.init(
                name: route.name, parameters: route.parameters, traits: route.traits, schema: route.schema,
                interface: interface
            ) { request, _ in
                await Scope.$current.withValue(Scope(scope, .request(request))) {
                    await interceptors.run(request) { request in
                        do { return try await body(request) } catch { return Answer(error, raises: raises) }
                    }
                }
            }
            return
        }
        self.init(
            name: route.name, parameters: route.parameters, traits: route.traits, schema: route.schema,
            interface: interface
        ) { request, isolation in
            await Scope.$current.withValue(Scope(scope, .request(request))) {
                // Captures the isolation: without it, this closure would leave the actor and come back.
                _ = isolation
                // Caught here and not in each route's closure, because this function suspends anyway.
                do { return try await body(request) } catch { return Answer(error, raises: raises) }
            }
        }
    }
}
