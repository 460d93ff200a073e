/// A method of an interface, without the types of its parameters: they were erased once, when the route was made.
struct InterfaceRoute<I: Interface>: Sendable {
    let name: String
    let parameters: [String]
    /// The types of the errors that callers shall see.
    let raises: [any Error.Type]
    let help: String
    /// Ties the method to an instance. What it makes is called for every request, with nothing in between: each function on the
    /// way that waits for another costs a look at the executor.
    let bind: @Sendable (I) -> @Sendable (ServerRequest) async throws -> Answer
}

/// A method of an instance, ready to be called.
final class Handler: Sendable {
    let name: String
    let parameters: [String]
    let help: String
    let interface: any Actor
    private let context: InterfaceContext
    private let raises: [any Error.Type]
    private let body: @Sendable (ServerRequest) async throws -> Answer

    init<I: Interface>(_ route: InterfaceRoute<I>, of interface: I, in context: InterfaceContext) {
        name = route.name
        parameters = route.parameters
        help = route.help
        self.interface = interface
        self.context = context
        raises = route.raises
        body = route.bind(interface)
    }

    func run(_ request: ServerRequest, on isolation: isolated (any Actor)? = #isolation) async -> Answer {
        await Scope.$current.withValue(Scope(interface: context, trace: request.address.trace)) {
            // Or this would leave the actor, and come back.
            _ = isolation
            // Here, and not in what the routes make: this waits anyway.
            do { return try await body(request) } catch { return Answer(error, raises: raises) }
        }
    }
}

/// A request as a route gets it.
struct ServerRequest: Sendable {
    let message: Message
    let address: ReplyAddress
    let poller: Poller
}

/// What a method answers.
enum Answer: Sendable {
    /// The encoded result.
    case reply([UInt8])
    /// An error that the method declares.
    case error(RemoteError)
    /// Nothing else.
    case nack(Refusal)
    /// The method has a ``ReplyChannel`` and answers there.
    case channel
}
