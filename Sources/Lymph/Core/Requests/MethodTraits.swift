/// What a method promises beside its parameters.
struct MethodTraits: Sendable {
    /// The types of the errors that reach callers.
    let raises: [any Error.Type]
    /// Whether executing a call twice does no harm.
    let isIdempotent: Bool
    /// What the method does.
    let help: String
    /// Whom it allows to call it.
    let allowance: Allowance

    init(
        _ raises: [any Error.Type] = [], _ isIdempotent: Bool = false, _ help: String = "",
        _ allowance: Allowance = .everybody
    ) {
        self.raises = raises
        self.isIdempotent = isIdempotent
        self.help = help
        self.allowance = allowance
    }
}
