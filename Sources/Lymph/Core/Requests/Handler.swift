/// A method, ready to be called.
final class Handler: Sendable {
    /// Without the interface's name.
    let name: String
    let parameters: [String]
    let help: String
    /// The actor that the method belongs to: who runs there already does not wait for it.
    let interface: any Actor
    /// Runs the method.
    let run: @Sendable (ServerRequest, isolated (any Actor)?) async -> Answer

    init(
        name: String, parameters: [String], help: String, interface: any Actor,
        run: @escaping @Sendable (ServerRequest, isolated (any Actor)?) async -> Answer
    ) {
        self.name = name
        self.parameters = parameters
        self.help = help
        self.interface = interface
        self.run = run
    }
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
