internal import MessagePack
internal import ZeroMQ

/// What we have asked others for: which calls wait for what, where they go, when they are over.
///
/// It decides and does nothing itself. Whoever reports an event is told what follows, and carries that out: see ``Step``.
///
/// A call leaves in one of four ways: an answer, its deadline, cancellation, the end of everything. Each takes it out of the table
/// before it is ended, so every call ends exactly once.
struct Calls: ~Copyable {
    /// What is to be done for a call next.
    enum Step {
        /// Nothing: another event will take it further.
        case wait
        /// The registry must be asked for the service.
        case lookUp(String)
        /// The request is to be sent, if that is possible at once: ``sent(_:to:at:)`` or ``blocked(_:by:at:_:)`` follows.
        case send(Message, to: Endpoint)
        /// The request is to wait until the peer can be sent to: ``queued(_:for:_:)`` follows.
        case queue(Message, for: Endpoint)
        /// The call is over.
        case end(CallEnd)
    }

    private var table = CallTable<Call>()
    private var choice: InstanceChoice
    private var isOpen = false
    private var end: LymphError?

    init(_ strategy: LoadBalancing, _ unversioned: UnversionedCalls, seed: UInt64, now: Instant) {
        choice = InstanceChoice(strategy, unversioned, seed: seed, now: now)
    }

    /// How many wait for their answer.
    var count: Int { table.count }

    /// When ``takeExpired(now:)`` finds something.
    var nextDeadline: Instant? { table.nextDeadline }

    /// What has come along with the steps.
    mutating func takeNotices() -> [InstanceChoice.Notice] { choice.takeNotices() }

    // MARK: Beginning and ending

    /// A caller waits from now on.
    ///
    /// - Parameter random: What makes the call's id unique.
    mutating func begin(_ call: Call, random: UInt128, at now: Instant, _ peers: borrowing Peers) -> Step {
        if let end { return .end(CallEnd(call, throwing: call.stoppedError(end))) }
        call.id = table.insert(call, random: random, deadline: call.deadline)
        choice.begin()
        return isOpen ? route(call, at: now, peers) : .wait
    }

    /// Messages can be sent from now on.
    ///
    /// - Returns: The calls that have waited for it, for ``route(_:at:_:)``.
    mutating func open() -> [UInt128] {
        isOpen = true
        return table.ids()
    }

    /// Nothing can be sent any more, now or later.
    mutating func stop(_ error: LymphError) -> [CallEnd] {
        end = error
        return table.takeAll().map { CallEnd($0, throwing: $0.stoppedError(error)) }
    }

    /// The caller waits no longer.
    mutating func cancel(_ id: UInt128) -> Step { fail(id, CancellationError()) }

    /// A request can't be sent, now or later.
    mutating func fail(_ request: Message, _ error: LymphError) -> Step { fail(request.callID, error) }

    private mutating func fail(_ id: UInt128, _ error: any Error) -> Step {
        table.take(id).map { .end(CallEnd($0, throwing: error)) } ?? .wait
    }

    /// Takes out a call whose deadline is not after `now`.
    mutating func takeExpired(now: Instant) -> CallEnd? {
        table.takeExpired(now: now).map { CallEnd($0, .failure($0.timeoutError()), .missing) }
    }

    // MARK: On its way

    /// Takes a call as far as it can go now, unless it has ended or was sent.
    mutating func route(_ id: UInt128, at now: Instant, _ peers: borrowing Peers) -> Step {
        guard let call = table[id], call.progress.sentTo == nil else { return .wait }
        return route(call, at: now, peers)
    }

    private mutating func route(_ call: Call, at now: Instant, _ peers: borrowing Peers) -> Step {
        switch choice.choose(for: call, at: now, peers) {
        case .peer(let peer, let version, let first): return send(call, to: peer, version, first: first)
        case .lookUp(let service):
            call.progress.phase = .lookingUp(service)
            return .lookUp(service)
        case .wait(let service):
            call.progress.phase = .lookingUp(service)
            return .wait
        case .nobody(let why): return fail(call.id, call.unreachableError(why))
        }
    }

    private mutating func send(_ call: Call, to peer: Endpoint, _ version: Version?, first: Endpoint) -> Step {
        do throws(MessagePackError) {
            let request = try call.request(version: version)
            call.progress.phase = .trying(peer, first: first)
            return .send(request, to: peer)
        } catch {
            return fail(call.id, LymphError(.invalidRequest, "\(call.method): \(error)", cause: error))
        }
    }

    /// A request can't be sent at once.
    mutating func blocked(_ request: Message, by peer: Endpoint, at now: Instant, _ peers: borrowing Peers) -> Step {
        guard let call = table[request.callID], case .trying(_, let first) = call.progress.phase else { return .wait }
        if case .peer(let other, let version, _) = choice.chooseInstead(
            of: peer, first: first, for: call, at: now, peers)
        {
            return send(call, to: other, version, first: first)
        }
        guard call.waitsForReady || !peers.isLost(peer, at: now) else {
            return fail(call.id, call.unreachableError("there has been no connection to \(peer) for a while"))
        }
        return .queue(request, for: peer)
    }

    /// A request was sent.
    mutating func sent(_ request: Message, to peer: Endpoint, at now: Instant) {
        guard let call = table[request.callID] else { return }
        call.progress.phase = .sent(peer, at: now)
        // A call to one peer is never sent twice: let go of the bytes.
        if case .endpoint = call.target { call.releaseBody() }
    }

    /// A request waits for its peer.
    mutating func queued(_ request: Message, for peer: Endpoint, _ ticket: Outbox.Ticket) {
        table[request.callID]?.progress.phase = .queued(peer, ticket)
    }

    // MARK: Answers

    /// What an answer leads to.
    enum Reaction {
        /// No call waits for it.
        case unknown
        /// It comes from a peer that was not asked.
        case wrongPeer
        /// It says nothing that counts.
        case none
        case end(CallEnd)
        /// The call goes to another peer.
        case retry(Retry)
    }

    /// A call that goes on elsewhere.
    struct Retry {
        /// Where it was.
        let peer: Endpoint
        /// What became of it there.
        let outcome: Load.Outcome
        let next: Step
    }

    /// An answer came.
    mutating func answered(
        _ id: UInt128, _ answer: Message, from peer: Endpoint, at now: Instant, _ peers: borrowing Peers
    ) -> Reaction {
        guard let call = table[id] else { return .unknown }
        guard case .sent(let last, let sentAt) = call.progress.phase, last == peer else {
            return answeredLate(call, answer, from: peer)
        }
        let outcome = Load.Outcome(answer, after: now - sentAt)
        if answer.kind == .nack, answer.headers.reason?.isWorthRetrying == true,
            let retry = retry(call, after: outcome, at: now, peers)
        {
            return .retry(retry)
        }
        return table.take(id).map { .end(CallEnd($0, .success(answer), outcome)) } ?? .unknown
    }

    /// An answer of a peer that was given up. One that refuses has not done it: whoever was asked last may be at it.
    private mutating func answeredLate(_ call: Call, _ answer: Message, from peer: Endpoint) -> Reaction {
        guard call.progress.isAsked(peer) else { return .wrongPeer }
        if answer.kind == .nack, answer.headers.reason?.isWorthRetrying == true { return .none }
        return table.take(call.id).map { .end(CallEnd($0, .success(answer), .abandoned)) } ?? .unknown
    }

    /// Takes a call that was sent to another instance, if it may go there.
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

    /// The calls whose request was sent to a peer.
    func sent(to peer: Endpoint) -> [UInt128] { table.ids { $0.progress.sentTo == peer } }

    /// A peer that has a request is silent.
    ///
    /// - Parameter isGone: Whether the connection is gone for good, so that no answer can come.
    mutating func silent(_ id: UInt128, isGone: Bool, at now: Instant, _ peers: borrowing Peers) -> Reaction {
        guard let call = table[id] else { return .none }
        if call.isIdempotent, let retry = retry(call, after: .missing, at: now, peers) {
            return .retry(retry)
        }
        guard isGone, let taken = table.take(id) else { return .none }
        return .end(CallEnd(taken, throwing: taken.connectionLostError()))
    }

    // MARK: Services

    /// The registry's list of a service's instances, for the first time or because it changed.
    ///
    /// - Returns: The calls that have waited for it, for ``route(_:at:_:)``, and the instances that were not in the list before.
    mutating func update(
        _ service: String, _ instances: [ServiceInstance]
    ) -> (waiting: [UInt128], new: [ServiceInstance]) {
        let new = choice.update(service, instances)
        return (waiting(for: service), new)
    }

    /// The registry doesn't know a service, or no longer; the next call asks again.
    ///
    /// - Returns: The calls that end with it, and whether there are others that wait until somebody registers it.
    mutating func lookupFailed(
        _ service: String, _ error: LymphError, mayCome: Bool
    ) -> (ends: [CallEnd], isWaitedFor: Bool) {
        var ends: [CallEnd] = []
        var isWaitedFor = false
        for id in waiting(for: service) {
            if mayCome, table[id]?.waitsForReady == true {
                isWaitedFor = true
            } else if let call = table.take(id) {
                ends.append(CallEnd(call, throwing: error))
            }
        }
        choice.forget(service, isAskedAgain: isWaitedFor)
        return (ends, isWaitedFor)
    }

    /// The calls that wait for a list. Lists change seldom, so it looks at all.
    private func waiting(for service: String) -> [UInt128] {
        table.ids { call in
            if case .lookingUp(service) = call.progress.phase { true } else { false }
        }
    }
}

extension Message {
    /// The id of the call that a request of ours was made for; 0, which no call has, for a request of others.
    var callID: UInt128 {
        if case .number(let id) = id { id } else { 0 }
    }
}

extension Load.Outcome {
    /// What an answer says of the peer that gave it.
    fileprivate init(_ answer: Message, after time: Duration) {
        guard answer.kind == .nack else {
            self = .answered(time)
            return
        }
        switch answer.headers.reason {
        case .overloaded: self = .overloaded
        case .draining: self = .draining
        // The caller's own doing.
        case .rejected, .expired, .unauthorized: self = .abandoned
        default: self = .failed(time)
        }
    }
}
