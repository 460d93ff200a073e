/// What others have asked us for: which method handles it, in which task, and whether it is taken at all.
///
/// It decides and does nothing itself. Whoever reports an event is told what follows, and carries that out.
struct Requests<Idle>: ~Copyable {
    typealias Step = Workers<Work, Idle>.Step

    /// Whether requests are taken.
    private enum Phase {
        /// There is no service here, or it isn't ready: requests find no interface. Next: `serving`.
        case closed
        /// Next: `draining`.
        case serving
        /// New requests are refused, those that run are finished.
        case draining
    }

    /// What becomes of a request that came in.
    enum Admission {
        /// It goes to this method, in this version of its interface: ``begin(_:)`` follows.
        case accepted(Handler, Version?)
        /// No such method is here.
        case unknown(Refusal)
        /// The method that would answer is in this version.
        case refused(Refusal, Version?)
    }

    private var phase = Phase.closed
    private(set) var router = Router()
    private var table = RequestTable()
    private var workers: Workers<Work, Idle>
    private let limit: Int
    /// Whether handlers are cancelled, those that begin from now on too.
    private(set) var areCancelled = false

    /// - Parameter limit: How many may be handled at the same time.
    init(_ place: Workers<Work, Idle>.Place, limit: Int) {
        workers = Workers(place)
        self.limit = limit
    }

    /// How many are handled, or wait for that.
    var running: Int { table.count }

    // MARK: Serving and draining

    /// Takes requests from now on.
    mutating func serve(_ router: Router) {
        self.router = router
        phase = .serving
    }

    /// Refuses requests from now on.
    mutating func drain() { phase = .draining }

    /// Lets go of the interfaces.
    ///
    /// - Returns: The workers to be ended.
    mutating func stop() -> [Idle] {
        router = Router()
        return workers.takeIdle()
    }

    // MARK: Requests

    /// Decides whether a request is taken.
    func admit(_ subject: String, version: VersionHeader) -> Admission {
        switch router.find(subject, version: version) {
        case .none(let why): return .unknown(.rejected(why))
        case .handler(let handler, let version):
            if case .draining = phase {
                return .refused(Refusal(.draining, "the service is stopping"), version)
            }
            if running >= limit {
                return .refused(Refusal(.overloaded, "\(running) requests are running"), version)
            }
            return .accepted(handler, version)
        }
    }

    /// A request was taken.
    mutating func begin(
        _ handler: Handler, _ request: Message, from address: ReplyAddress, _ responder: any Responder
    ) -> Step {
        let work = Work(handler, request, address, responder, place: table.reserve())
        table.insert(work)
        let (step, worker) = workers.add(work)
        if let worker { table.hand(work, to: worker) }
        return step
    }

    /// A request was handled.
    ///
    /// - Returns: Whether its answer is wanted.
    mutating func finish(_ work: Work) -> Bool { !table.remove(work) }

    /// Takes a request back. What it was answered by counts no more.
    ///
    /// - Returns: The number of the worker whose task is to be cancelled, if it is being handled.
    mutating func cancel(_ id: MessageID, over route: Route) -> Int? {
        guard case .worker(let number) = table.cancel(id, over: route) else { return nil }
        workers.retire(number)
        return number
    }

    /// Every handler is cancelled, those that begin from now on too.
    mutating func cancelAll() { areCancelled = true }

    // MARK: Workers

    /// A worker that was called begins.
    mutating func begun() { workers.begun() }

    /// Takes the next request for a worker, and says who else is to be called. What was cancelled before its turn is not handled.
    mutating func take(by worker: Int) -> (work: Work, step: Step, isCancelled: Bool)? {
        guard let (work, step) = workers.take(by: worker) else { return nil }
        table.hand(work, to: worker)
        return (work, step, table.isCancelled(work))
    }

    /// A worker found nothing to do.
    ///
    /// - Returns: Whether it is to wait; otherwise it ends.
    mutating func park(_ number: Int, _ worker: Idle) -> Bool { workers.park(number, worker) }

    /// A worker has ended.
    mutating func end(_ worker: Int) { workers.end(worker) }
}
