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

    var phase = Phase.closed
    var router = Router()
    var identity = ""
    var workers: Workers<Work, IdleWorker>
    /// The tasks of all workers, by their numbers.
    var tasks: [Int: Task<Void, Never>] = [:]
    var lastNumber = 0
    /// Whether handlers are cancelled, those that begin from now on too.
    var isCancelled = false
    /// Resumed when the last handler has ended.
    var whenIdle: [CheckedContinuation<Void, Never>] = []

    init(_ place: Workers<Work, IdleWorker>.Place) { workers = Workers(place) }
}

/// A request and who handles it.
// In one object: it is handed on a few times.
final class Work: Sendable {
    let handler: Handler
    let request: ServerRequest

    init(_ handler: Handler, _ request: ServerRequest) {
        self.handler = handler
        self.request = request
    }
}

/// What a worker that waits is told.
enum WorkOrder: Sendable {
    case handle(Work)
    /// Something waits, or did.
    case take
    case end
}

/// A worker that waits for its next order. Each is resumed once: whoever does it has taken it out of ``Workers`` before.
typealias IdleWorker = UnsafeContinuation<WorkOrder, Never>
