internal import MessagePack
internal import ZeroMQ

/// The state machine of outgoing calls: what each one waits for, where it goes, when it ends.
///
/// It only decides. Each event returns a ``Step`` that the poller carries out.
///
/// A call ends through an answer, an error, its deadline, cancellation or the end of the poller. Each of them takes it
/// out of the table first, so every call ends exactly once.
struct Calls: ~Copyable {
    /// The next step of a call.
    enum Step {
        /// Nothing until another event.
        case wait
        /// Look the service up in the registry.
        case lookUp(String)
        /// Send the request if that is possible at once; report ``sent(_:to:at:)`` or ``blocked(_:by:at:_:)``.
        case send(Message, to: Endpoint)
        /// Queue the request for the peer's connection; report ``queued(_:for:_:)``.
        case queue(Message, for: Endpoint)
        /// Send the request to a second instance if that is possible at once; report ``hedged(_:by:at:)``.
        case hedge(Message, by: Endpoint)
        /// End the call.
        case end(CallEnd)
    }

    var table = CallTable<Call>()
    var choice: InstanceChoice
    private var isOpen = false
    /// Whether other services may still be starting, so that calls wait for those that nobody has registered.
    var isStarting = false
    private var end: LymphError?

    init(
        _ strategy: LoadBalancing, _ unversioned: UnversionedCalls, _ endpoints: EndpointChoice = .init(.off),
        seed: UInt64,
        now: Instant
    ) {
        choice = InstanceChoice(strategy, unversioned, endpoints, seed: seed, now: now)
    }

    /// The number of calls without an answer.
    var count: Int { table.count }

    /// When ``takeExpired(now:)`` or ``takeHedge(at:_:)`` next finds a call.
    var nextDeadline: Instant? { table.nextDeadline }

    /// Removes and returns the notices that came up while choosing instances.
    mutating func takeNotices() -> [InstanceChoice.Notice] { choice.takeNotices() }

    // MARK: Beginning and ending

    /// Begins a call.
    ///
    /// - Parameter random: The random bits of the call's id.
    mutating func begin(_ call: Call, random: UInt128, at now: Instant, _ peers: borrowing Peers) -> Step {
        if let end { return .end(CallEnd(call, throwing: call.stoppedError(end))) }
        call.id = table.insert(call, random: random, deadline: call.deadline)
        choice.begin(call)
        return isOpen ? route(call, at: now, peers) : .wait
    }

    /// The poller is open: messages can be sent.
    ///
    /// - Parameter isStarting: Whether other services may still be starting, until ``endStartup()``.
    /// - Returns: The calls that were waiting for this, for ``route(_:at:_:)``.
    mutating func open(isStarting: Bool) -> [UInt128] {
        isOpen = true
        self.isStarting = isStarting
        return table.ids()
    }

    /// The poller is closed: ends all calls, and every later one at once.
    mutating func stop(_ error: LymphError) -> [CallEnd] {
        end = error
        return table.takeAll().map { CallEnd($0, throwing: $0.stoppedError(error)) }
    }

    /// The caller was cancelled.
    mutating func cancel(_ id: UInt128) -> Step { fail(id, CancellationError()) }

    /// A request cannot be sent and is not worth a retry.
    mutating func fail(_ request: Message, _ error: LymphError) -> Step { fail(request.callID, error) }

    private mutating func fail(_ id: UInt128, _ error: any Error) -> Step {
        table.take(id).map { .end(CallEnd($0, throwing: error)) } ?? .wait
    }

    /// Ends the next call whose deadline is not after `now`.
    mutating func takeExpired(now: Instant) -> CallEnd? {
        guard let call = table.takeExpired(now: now) else { return nil }
        if case .sent(_, let sentAt) = call.progress.phase { choice.note(now - sentAt, of: call) }
        return CallEnd(call, .failure(call.timeoutError()), .missing)
    }

    // MARK: On its way

    /// Takes a call as far as possible now, unless it has ended or was sent.
    mutating func route(_ id: UInt128, at now: Instant, _ peers: borrowing Peers) -> Step {
        guard let call = table[id], call.progress.sentTo == nil else { return .wait }
        return route(call, at: now, peers)
    }

    private mutating func route(_ call: Call, at now: Instant, _ peers: borrowing Peers) -> Step {
        switch choice.choose(for: call, at: now, peers) {
        case .peer(let peer, let version, let first): return send(call, to: peer, version, first: first, at: now)
        case .lookUp(let service):
            call.progress.phase = .lookingUp(service)
            return .lookUp(service)
        case .wait(let service):
            call.progress.phase = .lookingUp(service)
            return .wait
        case .nobody(let why):
            let error = call.unreachableError(why)
            // A registry remembers the services of a fleet that was stopped; this one may not have started again yet.
            guard isStarting, case .service(let name, _) = call.target, choice.isStillEmpty(name) else {
                return fail(call.id, error)
            }
            call.progress.phase = .unregistered(name, error)
            return .wait
        case .unauthorized(let why):
            return fail(call.id, call.unauthorizedError(why))
        }
    }

    private mutating func send(
        _ call: Call, to peer: Endpoint, _ version: Version?, first: Endpoint, at now: Instant
    ) -> Step {
        do throws(MessagePackError) {
            let request = try call.request(version: version, at: now)
            call.progress.phase = .trying(peer, first: first)
            return .send(request, to: peer)
        } catch {
            return fail(call.id, LymphError(.invalidRequest, "\(call.method): \(error)", cause: error))
        }
    }

    /// A request cannot be sent at once: tries another instance, or queues it.
    mutating func blocked(_ request: Message, by peer: Endpoint, at now: Instant, _ peers: borrowing Peers) -> Step {
        guard let call = table[request.callID], case .trying(_, let first) = call.progress.phase else { return .wait }
        if case .peer(let other, let version, _) = choice.chooseInstead(
            of: peer, first: first, for: call, at: now, peers)
        {
            return send(call, to: other, version, first: first, at: now)
        }
        if !call.waitsForReady, peers.isBarred(peer, at: now) { return route(call, at: now, peers) }
        guard call.waitsForReady || !peers.isLost(peer, at: now) else {
            return fail(call.id, call.unreachableError("there has been no connection to \(peer) for a while"))
        }
        return .queue(request, for: peer)
    }

    /// A request was sent.
    mutating func sent(_ request: Message, to peer: Endpoint, at now: Instant) {
        guard let call = table[request.callID] else { return }
        call.progress.phase = .sent(peer, at: now)
        // A call to a fixed peer is never retried, so its arguments can be freed.
        if case .endpoint = call.target { call.releaseBody() }
        if call.hedging != nil, let delay = choice.hedgeDelay(of: call) {
            table.setAlarm(for: call.id, at: now + delay)
        }
    }

    /// A request that has waited is about to be sent: it says how much time is left now.
    func refresh(_ request: Message, at now: Instant) -> Message {
        table[request.callID].map { request.with($0.timeLeft(at: now)) } ?? request
    }

    /// A request was queued for its peer.
    mutating func queued(_ request: Message, for peer: Endpoint, _ ticket: Outbox.Ticket) {
        table[request.callID]?.progress.phase = .queued(peer, ticket)
    }

    // MARK: Answers

    /// An answer came.
    mutating func answered(
        _ id: UInt128, _ answer: Message, from peer: Endpoint, at now: Instant, _ peers: borrowing Peers
    ) -> Reaction {
        guard let call = table[id] else { return .unknown }
        guard case .sent(let first, let sentAt) = call.progress.phase, call.progress.isInFlight(to: peer) else {
            return answeredLate(call, answer, from: peer)
        }
        let hedge = call.progress.hedge
        let outcome = Load.Outcome(answer, after: now - (peer == first ? sentAt : hedge?.sentAt ?? sentAt))
        if case .overloaded = outcome { choice.noteOverload(of: call, at: now) }
        if answer.kind == .nack, answer.headers.reason?.isWorthRetrying == true {
            if call.progress.drop(peer, mayHaveRun: false) { return .goOn(without: peer, outcome) }
            if let retry = retry(call, after: outcome, at: now, peers) { return .retry(retry) }
        }
        if answer.kind != .nack { choice.note(now - sentAt, of: call) }
        guard table.take(id) != nil else { return .unknown }
        if peer == first { return .end(CallEnd(call, .success(answer), outcome)) }
        return .end(CallEnd(call, .success(answer), .outrun(now - sentAt), hedge: outcome))
    }

    /// Handles an answer from a peer that was given up. A retryable NACK is ignored: the one asked last may still answer.
    private mutating func answeredLate(_ call: Call, _ answer: Message, from peer: Endpoint) -> Reaction {
        guard call.progress.isAsked(peer) else { return .wrongPeer }
        if answer.kind == .nack, answer.headers.reason?.isWorthRetrying == true { return .none }
        return table.take(call.id).map { .end(CallEnd($0, .success(answer), .abandoned)) } ?? .unknown
    }

    /// Moves a call that was sent to another instance, if that is allowed.
    private mutating func retry(
        _ call: Call, after outcome: Load.Outcome, at now: Instant, _ peers: borrowing Peers
    ) -> Retry? {
        guard let peer = call.progress.sentTo, case .service(let name, _) = call.target,
            choice.mayRetry(call, after: outcome, at: now, peers)
        else { return nil }
        let mayHaveRun = if case .missing = outcome { true } else { false }
        call.progress.giveUp(peer, lookingUp: name, mayHaveRun: mayHaveRun)
        return Retry(peer: peer, outcome: outcome, next: route(call, at: now, peers))
    }

    /// The calls in flight to a peer.
    ///
    /// - Parameter time: Only those that were sent before this time; nil for all.
    func sent(to peer: Endpoint, before time: Instant? = nil) -> [UInt128] {
        table.ids { $0.progress.isInFlight(to: peer, before: time) }
    }

    /// A peer with a call in flight is silent.
    ///
    /// - Parameter isGone: Whether no answer is expected from it any more.
    mutating func silent(
        _ id: UInt128, at peer: Endpoint, isGone: Bool, at now: Instant, _ peers: borrowing Peers
    ) -> Reaction {
        guard let call = table[id] else { return .none }
        if call.progress.drop(peer, mayHaveRun: true) { return .goOn(without: peer, .missing) }
        if call.isIdempotent == true, let retry = retry(call, after: .missing, at: now, peers) {
            return .retry(retry)
        }
        guard isGone, let taken = table.take(id) else { return .none }
        return .end(CallEnd(taken, throwing: taken.connectionLostError()))
    }

    // MARK: Hedges

    /// Decides about the next call whose instance is slow; nil if there is none.
    mutating func takeHedge(at now: Instant, _ peers: borrowing Peers) -> Step? {
        guard let call = table.takeAlarm(now: now) else { return nil }
        guard case .sent(_, let sentAt) = call.progress.phase, call.progress.hedge == nil else { return .wait }
        switch choice.hedge(call, at: now, peers) {
        case .by(let peer, let version):
            return (try? call.request(version: version, at: now)).map { .hedge($0, by: peer) } ?? .wait
        case .later:
            call.progress.hasAskedForHedge = true
            table.setAlarm(for: call.id, at: now + max((now - sentAt) / 4, .microseconds(100)))
            return .wait
        case .never: return .wait
        }
    }

    /// The request was sent to a second instance.
    mutating func hedged(_ request: Message, by peer: Endpoint, at now: Instant) {
        table[request.callID]?.progress.hedge(by: peer, at: now)
    }
}
