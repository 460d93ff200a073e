/// What the tasks that work for a request know of it; in one task local, which is bound for every request.
struct Scope: Sendable {
    /// What the interface was given that handles the request. This layer knows no interfaces.
    var interface: (any AnyObject & Sendable)?
    /// The trace that the request belongs to.
    var trace: TraceID?

    @TaskLocal static var current: Scope?
}
