internal import ZeroMQ

/// The state machine of incoming requests: whether one is accepted, which method handles it, and in which task.
///
/// It only decides. Each event returns what the poller has to do.
struct Requests<Idle>: ~Copyable {
    typealias Step = Workers<Work, Idle>.Step

    /// Whether requests are accepted.
    private enum Phase {
        /// No service is ready: there are no interfaces for requests. Next: `serving`, `draining`, `stopped`.
        case closed
        /// Next: `draining`, `stopped`.
        case serving
        /// New requests are refused, running ones finish. Next: `stopped`.
        case draining
        /// All requests are refused: the interfaces are gone.
        case stopped
    }

    /// The decision about a new request.
    enum Admission {
        /// It goes to this method, of this version of its interface; call ``begin(_:_:from:_:)``.
        case accepted(Handler, Version?)
        /// There is no such method.
        case unknown(Refusal)
        /// It is refused, on behalf of a method of this version.
        case refused(Refusal, Version?)
    }

    private var phase = Phase.closed
    private(set) var router = Router()
    private var table = RequestTable()
    private var workers: Workers<Work, Idle>
    private let limit: Int
    private var policy: AccessPolicy?
    /// What each peer may call, by the policy.
    private var access = AccessTable.open
    /// Whether handlers are cancelled, including those that start later.
    private(set) var areCancelled = false

    /// - Parameters:
    ///   - limit: The maximum number of requests running or queued.
    ///   - policy: What peers may call; nil if everybody may call everything.
    init(_ place: Workers<Work, Idle>.Place, limit: Int, policy: AccessPolicy? = nil) {
        workers = Workers(place)
        self.limit = limit
        use(policy)
    }

    /// The number of requests running or queued.
    var running: Int { table.count }

    /// The number of requests whose methods have returned without an answer, and have kept their reply channels.
    var openChannels: Int { table.channels }

    // MARK: Serving and draining

    /// Accepts requests from now on.
    mutating func serve(_ router: Router) {
        self.router = router
        compileAccess()
        phase = .serving
    }

    /// Another policy applies from now on; nil if everybody may call everything.
    mutating func use(_ policy: AccessPolicy?) {
        self.policy = policy
        compileAccess()
    }

    private mutating func compileAccess() {
        access = policy.map { AccessTable($0, subjects: router.subjects) } ?? .open
    }

    /// Refuses requests from now on.
    mutating func drain() { phase = .draining }

    /// Releases the interfaces.
    ///
    /// - Returns: The parked workers, to be ended, and the requests that nobody will answer.
    mutating func stop() -> (idle: [Idle], unanswered: [RequestTable.Abandoned]) {
        router = Router()
        phase = .stopped
        return (workers.takeIdle(), table.takeChannels())
    }

    // MARK: Requests

    /// The refusal of any further request; nil as long as there is room.
    var overload: Refusal? { running >= limit ? Refusal(.overloaded, log: "\(running) requests are running") : nil }

    /// Decides whether a request is accepted.
    ///
    /// - Parameter peer: Who has sent it.
    func admit(_ subject: String, version: VersionHeader, from peer: Peer? = nil) -> Admission {
        if case .stopped = phase { return .refused(.draining, nil) }
        switch router.find(subject, version: version) {
        case .none(let why): return .unknown(.rejected(why))
        case .handler(let handler, let version, let number):
            guard isAllowed(peer, number), handler.traits.allowance.includes(peer?.name) else {
                return .refused(.unauthorized(peer, subject), version)
            }
            if case .draining = phase {
                return .refused(.draining, version)
            }
            return overload.map { .refused($0, version) } ?? .accepted(handler, version)
        }
    }

    /// Whether the policy allows a peer to call a method.
    private func isAllowed(_ peer: Peer?, _ subject: Int) -> Bool { access.allows(peer?.name, subject) }

    /// Decides whether a request for a built-in method is accepted.
    ///
    /// - Returns: The refusal, if it isn't.
    func refusal(of method: BuiltinInterface.Method, from peer: Peer?) -> Refusal? {
        let number = BuiltinInterface.Method.allCases.firstIndex(of: method) ?? 0
        return isAllowed(peer, number) ? nil : .unauthorized(peer, method.subject)
    }

    /// Begins an accepted request.
    mutating func begin(
        _ handler: Handler, _ request: Message, from address: ReplyAddress, _ responder: any Responder
    ) -> Step {
        let work = Work(handler, request, address, responder, place: table.reserve())
        table.insert(work)
        let (step, worker) = workers.add(work)
        if let worker { table.hand(work, to: worker) }
        return step
    }

    /// The handler of a request has returned.
    ///
    /// - Parameter mayAnswerLater: Whether its method answers through a reply channel, which it may have kept.
    /// - Returns: Whether its answer is to be sent; false if the request was cancelled.
    mutating func finish(_ work: Work, mayAnswerLater: Bool = false) -> Bool {
        guard mayAnswerLater, let channel = work.channel, !channel.isAnswered else { return !table.remove(work) }
        return !table.remove(work, keeping: channel)
    }

    /// A reply channel has an answer.
    ///
    /// - Returns: Whether it is to be sent; false if nobody waits for it any more.
    mutating func answer(over channel: OpenChannel) -> Bool {
        guard !channel.isAbandoned else { return false }
        channel.answer()
        table.remove(channel)
        return true
    }

    // MARK: Cancellation

    /// When ``takeExpired(now:)`` next finds a request.
    var nextDeadline: Instant? { table.nextDeadline }

    /// Cancels the next request whose deadline is not after `now`. A method that has not begun never will; one that has
    /// is not answered for. The task of its worker is to be cancelled.
    mutating func takeExpired(now: Instant) -> RequestTable.Abandoned? { retire(table.takeExpired(now: now)) }

    /// Cancels a request on behalf of its caller, likewise. Does nothing if it is not there.
    mutating func cancel(_ id: MessageID, from peer: Endpoint) -> RequestTable.Abandoned? {
        retire(table.cancel(id, from: peer))
    }

    private mutating func retire(_ abandoned: RequestTable.Abandoned?) -> RequestTable.Abandoned? {
        if let worker = abandoned?.worker { workers.retire(worker) }
        return abandoned
    }

    /// Whether a caller has requests running or queued that are not cancelled.
    func hasRequests(of caller: Endpoint) -> Bool { running + openChannels > 0 && table.hasRequests(of: caller) }

    /// Cancels all requests of a caller, likewise.
    mutating func cancelAll(of caller: Endpoint) -> [RequestTable.Abandoned] {
        table.cancelAll(of: caller).compactMap { retire($0) }
    }

    /// Cancels all handlers, including those that start later.
    mutating func cancelAll() { areCancelled = true }

    // MARK: Workers

    /// A worker that was woken or started begins.
    mutating func begun() { workers.begun() }

    /// Takes the next request for a worker, and says which other worker to wake or start. A cancelled request is not
    /// to be handled.
    mutating func take(by worker: Int) -> (work: Work, step: Step, isCancelled: Bool)? {
        guard let (work, step) = workers.take(by: worker) else { return nil }
        table.hand(work, to: worker)
        return (work, step, table.isCancelled(work))
    }

    /// A worker has nothing to do.
    ///
    /// - Returns: Whether it is parked; otherwise it ends.
    mutating func park(_ number: Int, _ worker: Idle) -> Bool { workers.park(number, worker) }

    mutating func end(_ worker: Int) { workers.end(worker) }
}

extension Refusal {
    fileprivate static func unauthorized(_ peer: Peer?, _ subject: String) -> Refusal {
        Refusal(.unauthorized, "\(peer?.name ?? "a peer without a name") may not call \(subject)")
    }

    fileprivate static var draining: Refusal { Refusal(.draining, log: "the service is stopping") }
}
