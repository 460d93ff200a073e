/// A method of an interface, ready to be called.
final class Handler: Sendable {
    /// The name of the method without that of its interface.
    let name: String
    let parameters: [String]
    let traits: MethodTraits
    /// The types of the method; nil if nothing is known.
    let schema: LazyMethodSchema?
    /// The actor that the method belongs to. A caller that is already on it needs no executor hop.
    let interface: any Actor
    let run: @Sendable (any ServerRequest, isolated (any Actor)?) async -> Answer

    init(
        name: String, parameters: [String] = [], traits: MethodTraits = .init(), schema: LazyMethodSchema? = nil,
        interface: any Actor,
        run: @escaping @Sendable (any ServerRequest, isolated (any Actor)?) async -> Answer
    ) {
        self.name = name
        self.parameters = parameters
        self.traits = traits
        self.schema = schema
        self.interface = interface
        self.run = run
    }
}
