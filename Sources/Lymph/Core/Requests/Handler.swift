/// A method, ready to be called.
final class Handler: Sendable {
    /// Without the interface's name.
    let name: String
    let parameters: [String]
    let help: String
    /// The actor that the method belongs to: who runs there already does not wait for it.
    let interface: any Actor
    /// Runs the method.
    let run: @Sendable (any ServerRequest, isolated (any Actor)?) async -> Answer

    init(
        name: String, parameters: [String], help: String, interface: any Actor,
        run: @escaping @Sendable (any ServerRequest, isolated (any Actor)?) async -> Answer
    ) {
        self.name = name
        self.parameters = parameters
        self.help = help
        self.interface = interface
        self.run = run
    }
}
