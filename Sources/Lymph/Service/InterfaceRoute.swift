/// A method of an interface, without the types of its parameters: they were erased once, when the route was made.
struct InterfaceRoute<I: Interface>: Sendable {
    let name: String
    let parameters: [String]
    /// The types of the errors that callers shall see.
    let raises: [any Error.Type]
    let help: String
    /// Ties the method to an instance. What it makes is called for every request, with nothing in between: each function on the
    /// way that waits for another costs a look at the executor.
    let bind: @Sendable (I) -> @Sendable (any ServerRequest) async throws -> Answer
}

extension Handler {
    /// Ties a route to an instance of its interface.
    convenience init<I: Interface>(_ route: InterfaceRoute<I>, of interface: I, in context: InterfaceContext) {
        let (body, raises, scope) = (route.bind(interface), route.raises, context.scope)
        let interceptors = context.client.poller.interceptors
        guard interceptors.isEmpty else {
            self.init(name: route.name, parameters: route.parameters, help: route.help, interface: interface) {
                request, _ in
                await Scope.$current.withValue(Scope(interface: scope, trace: request.trace)) {
                    await interceptors.run(request) { request in
                        do { return try await body(request) } catch { return Answer(error, raises: raises) }
                    }
                }
            }
            return
        }
        self.init(name: route.name, parameters: route.parameters, help: route.help, interface: interface) {
            request, isolation in
            await Scope.$current.withValue(Scope(interface: scope, trace: request.trace)) {
                // Or this would leave the actor, and come back.
                _ = isolation
                // Here, and not in what the routes make: this waits anyway.
                do { return try await body(request) } catch { return Answer(error, raises: raises) }
            }
        }
    }
}
