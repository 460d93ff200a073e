/// A parameter without its static type. Instantiating types such as `Parameter<A>` for every request would take as
/// long as everything else that is done with its arguments.
struct ErasedParameter: Sendable {
    let name: String
    let type: Any.Type
    /// The value for a missing argument; nil if the argument is required.
    let absent: (any Sendable)?

    init(_ name: String, _ type: Any.Type, absent: (any Sendable)? = nil) {
        self.name = name
        self.type = type
        self.absent = absent
    }
}
