/// The context of the tasks that work for a request. One task local holds all of it, because binding one costs time.
struct Scope: Sendable {
    /// The context of the interface that handles the request. Untyped, because this layer does not know interfaces.
    var interface: (any AnyObject & Sendable)?
    /// The trace that the request belongs to.
    var trace: TraceID?

    @TaskLocal static var current: Scope?
}
