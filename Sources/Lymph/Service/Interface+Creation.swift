extension Interface {
    /// Creates the interface for a container.
    static func make(in context: InterfaceContext) throws -> Self {
        do { return try Self(context: context) } catch is MissingInitializer {}
        do { return try Self() } catch is MissingInitializer {}
        throw LymphError(
            .configuration,
            """
            interface \(VersionedName(context.name, context.version)) (\(Self.self)): it can't be created, because it has \
            neither init() nor init(context:), and default arguments don't count; or make it with a closure: \
            .init(as: \(context.name.debugDescription)) { context in \(Self.self)(…) }
            """)
    }
}
