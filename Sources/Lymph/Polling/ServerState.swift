/// What the poller knows of its role as a server.
struct ServerState {
    /// Whether requests are taken.
    enum Phase {
        /// There is no service here, or it isn't ready: requests find no interface. Next: `serving`.
        case closed
        /// Next: `draining`.
        case serving
        /// New requests are refused, those that run are finished.
        case draining
    }

    /// A handler that runs; its task is unknown for the moment between its start and the return of the handle.
    struct Running {
        var task: Task<Void, Never>?
    }

    var phase = Phase.closed
    var router = Router()
    var identity = ""
    var running: [UInt64: Running] = [:]
    var lastNumber: UInt64 = 0
    /// Resumed when the last handler has ended.
    var whenIdle: [CheckedContinuation<Void, Never>] = []
}
