/// What the current task works for. One task local holds all of it, because binding one costs time.
struct Scope: Sendable {
    /// Where the trace of a task comes from.
    enum Origin: Sendable {
        /// No trace.
        case none
        /// A trace that the program has chosen, perhaps while it handles a request.
        case trace(TraceID, within: (any TracedRequest)?)
        /// The request that is being handled.
        case request(any TracedRequest)
    }

    /// The context of the interface that handles the request. Untyped, because this layer does not know interfaces.
    let interface: (any AnyObject & Sendable)?
    let origin: Origin

    init(_ interface: (any AnyObject & Sendable)?, _ origin: Origin) {
        self.interface = interface
        self.origin = origin
    }

    /// The trace that the task belongs to.
    var trace: TraceID? {
        switch origin {
        case .none: nil
        case .trace(let id, _): id
        case .request(let request): request.trace
        }
    }

    /// The request that the task works for.
    var request: (any TracedRequest)? {
        switch origin {
        case .none: nil
        case .trace(_, let request): request
        case .request(let request): request
        }
    }

    @TaskLocal static var current: Scope?
}

/// A request, as this layer knows it.
protocol TracedRequest: AnyObject, Sendable {
    /// The trace that the request belongs to.
    var trace: TraceID { get }

    /// When its caller gives up; nil if the caller doesn't say.
    var deadline: Deadline? { get }
}
