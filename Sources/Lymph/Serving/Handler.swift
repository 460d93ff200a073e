/// A method of an interface, without the types of its parameters: they were erased once, when the route was made.
struct InterfaceRoute<I: Interface>: Sendable {
    let name: String
    let parameters: [String]
    let help: String
    let run: @Sendable (I, ServerRequest) async -> Answer
}

/// A method of an instance, ready to be called.
final class Handler: Sendable {
    let name: String
    let parameters: [String]
    let help: String
    let run: @Sendable (ServerRequest) async -> Answer

    init<I: Interface>(_ route: InterfaceRoute<I>, of interface: I, in context: InterfaceContext) {
        name = route.name
        parameters = route.parameters
        help = route.help
        run = { request in
            await InterfaceContext.$bound.withValue(context) {
                await TraceContext.$current.withValue(request.address.trace) { await route.run(interface, request) }
            }
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
    /// Nothing else; the text is for the log.
    case nack(NackReason, String)
    /// The method has a ``ReplyChannel`` and answers there.
    case channel
}
