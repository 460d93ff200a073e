import Testing
import ZeroMQ

@testable import Lymph

/// Plays the poller: carries out what ``Calls`` decides, with real ``Peers``, under a clock that the test controls.
final class CallBench {
    private(set) var calls: Calls
    private(set) var peers = Peers(limit: 100, byteLimit: 1_000_000)
    private(set) var now: Instant
    private let start: Instant
    private var lastRandom: UInt128 = 0
    private var isStarted = false
    private let isStarting: Bool

    /// The peers whose connections take messages.
    private(set) var open: Set<Endpoint> = []
    /// The peers to which nothing can ever be sent.
    var impossible: Set<Endpoint> = []

    // What was done, in order.
    private(set) var attempts: [Endpoint] = []
    private(set) var requests: [Lymph.Message] = []
    private(set) var sent: [(id: UInt128, peer: Endpoint)] = []
    private(set) var hedges: [(id: UInt128, peer: Endpoint)] = []
    /// The peers that were asked which of their methods are idempotent.
    private(set) var inspected: [Endpoint] = []
    private(set) var queued: [(id: UInt128, peer: Endpoint)] = []
    private(set) var lookups: [String] = []
    private(set) var newInstances: [ServiceInstance] = []
    private(set) var notices: [InstanceChoice.Notice] = []
    private(set) var retries: [Load.Outcome] = []
    /// The peers that were pinged because their connections are there again.
    private(set) var asked: [Endpoint] = []
    private(set) var ends: [ObjectIdentifier: [CallEnd]] = [:]

    init(
        seed: UInt64 = 1, _ strategy: LoadBalancing = .powerOfTwoChoices, _ unversioned: UnversionedCalls = .any,
        isOpen: Bool = true, isStarting: Bool = false
    ) {
        self.isStarting = isStarting
        start = .now
        now = start
        calls = Calls(strategy, unversioned, seed: seed, now: start)
        if isOpen { openCalls() }
    }

    // MARK: Callers

    func begin(
        _ target: Target = .service("echo", nil), method: String = "echo.upper", timeout: Double = 100,
        idempotent: Bool? = false, waits: Bool = false, hedge: Hedging? = nil
    ) -> Call {
        let options = CallOptions(waitForReady: waits, idempotent: idempotent, hedge: hedge)
        let call = Call(target, method, [0x80], timeout: .seconds(timeout), options: options, now: now)
        begin(call)
        return call
    }

    /// Where the next call is sent.
    func next(_ target: Target = .service("echo", nil)) -> [Endpoint] {
        let call = begin(target)
        return peers(of: call)
    }

    func begin(_ call: Call) {
        lastRandom += 1 << 64
        carryOut(calls.begin(call, random: lastRandom, at: now, peers))
    }

    func cancel(_ call: Call) { carryOut(calls.cancel(call.id)) }

    /// Happens once.
    func openCalls() {
        guard !isStarted else { return }
        isStarted = true
        for id in calls.open(isStarting: isStarting) { route(id) }
    }

    func endStartup() {
        for end in calls.endStartup() { finish(end) }
    }

    func stop(_ error: LymphError) {
        for end in calls.stop(error) { finish(end) }
        peers.dropWaiting()
    }

    // MARK: Peers

    /// A connection is established; what waited for it is sent.
    func connect(_ numbers: Int...) {
        for peer in numbers.map(Endpoint.number) {
            open.insert(peer)
            peers.introduce(peer, at: now)
            peers.hear(from: peer, at: now)
            if peers.unblock(peer, at: now) { asked.append(peer) }
            flush(peer)
            peers.reconsider(at: now)
        }
    }

    func disconnect(_ number: Int) {
        open.remove(.number(number))
        peers.disconnect(.number(number), at: now)
    }

    /// Nobody listens any more at the endpoint of a disconnected peer.
    func refuse(_ number: Int) {
        peers.refuse(.number(number))
        avoid(.number(number))
    }

    /// The connection accepts nothing more, but nobody has noticed yet.
    func clog(_ number: Int) { open.remove(.number(number)) }

    /// A request has to wait at a peer, because something waits there already.
    func waitBehind(_ answer: Lymph.Message, at number: Int) {
        let fits = peers.enqueue(answer, for: .dial(.number(number)), at: now)
        #expect(fits)
    }

    /// A peer says which of its methods are idempotent.
    func learn(_ names: Set<String>, of number: Int) { peers.learn(idempotentMethods: names, of: .number(number)) }

    func needIdempotentMethods(of number: Int) -> Bool { peers.needIdempotentMethods(of: .number(number), at: now) }

    /// Makes so many calls that retries and hedges are allowed for a while.
    func fillBudget() {
        for _ in 0..<500 { cancel(begin(idempotent: true, hedge: .after(.seconds(1000)))) }
    }

    /// Peers give a sign of life.
    func hear(_ numbers: Int...) { for number in numbers { peers.hear(from: .number(number), at: now) } }

    /// Something is due from a peer from now on.
    func ping(_ number: Int) { peers.ping(.number(number), 0, at: now) }

    /// The last ping is answered.
    ///
    /// - Parameter age: The age of the peer's process, in seconds, if the answer says it.
    func pong(_ number: Int, age: Double?) {
        let (peer, header) = (Endpoint.number(number), age.map { AgeHeader(milliseconds: UInt64($0 * 1000)) })
        peers.hear(from: peer, at: now)
        let pong = peers.takePong(0, header, from: peer, at: now)
        #expect(pong != nil)
        guard let lost = pong?.lost else { return }
        for id in calls.sent(to: peer, before: lost) {
            carryOut(calls.silent(id, at: .number(number), isGone: true, at: now, peers))
        }
    }

    func answer(_ call: Call, _ reason: NackReason? = nil, from number: Int) -> String {
        answer(call.id, reason, from: .number(number))
    }

    @discardableResult
    func answer(_ id: UInt128, _ reason: NackReason? = nil, from peer: Endpoint) -> String {
        peers.hear(from: peer, at: now)
        return carryOut(calls.answered(id, .answer(to: id, reason, from: peer), from: peer, at: now, peers))
    }

    func list(_ instances: [ServiceInstance], of service: String = "echo") {
        let (waiting, new) = calls.update(service, instances)
        newInstances += new
        for id in waiting { route(id) }
        if !new.isEmpty { peers.reconsider(at: now) }
    }

    func list(_ numbers: Int...) { list(numbers.map { .number($0) }) }

    /// - Returns: Whether calls are left that wait until somebody registers the service.
    func lookupFailed(_ service: String = "echo", mayCome: Bool, cause: (any Error)? = nil) -> Bool {
        let error = LymphError(.lookupFailure, "not there", cause: cause)
        let failure = calls.lookupFailed(service, error, mayCome: mayCome)
        for end in failure.ends { finish(end) }
        return failure.isWaitedFor
    }

    // MARK: Time

    /// Advances the clock to a number of seconds since the beginning; everything due until then happens in order.
    func advance(to seconds: Double) {
        let end = start + .seconds(seconds)
        while let next = [calls.nextDeadline, peers.nextDeadline].compactMap(\.self).min(), next <= end {
            now = max(now, next)
            while let end = calls.takeExpired(now: now) { finish(end) }
            while let step = calls.takeHedge(at: now, peers) { carryOut(step) }
            for (peer, duty) in peers.takeDuties(at: now) { perform(duty, for: peer) }
        }
        now = end
    }

    func advance(by seconds: Double) { advance(to: now.seconds(since: start) + seconds) }

    private func perform(_ duty: PeerRecord.Duty, for peer: Endpoint) {
        switch duty {
        case .letGo:
            let waiting = peers.takeWaiting(for: peer).filter { $0.kind == .request }
            #expect(waiting.isEmpty)
            open.remove(peer)
        case .ping: if open.contains(peer) { peers.ping(peer, 0, at: now) }
        case .reconnect: break
        case .avoid: avoid(peer)
        }
    }

    private func avoid(_ peer: Endpoint) {
        for request in peers.takeCalls(for: peer) { route(request.callID) }
        guard peers.outstanding(at: peer) > 0 else { return }
        let isGone = peers.isGone(peer, at: now)
        for id in calls.sent(to: peer) { carryOut(calls.silent(id, at: peer, isGone: isGone, at: now, peers)) }
    }

    // MARK: Carrying out

    private func route(_ id: UInt128) { carryOut(calls.route(id, at: now, peers)) }

    private func carryOut(_ step: Calls.Step) {
        var step = step
        while true {
            for notice in calls.takeNotices() { heed(notice) }
            switch step {
            case .wait: return
            case .lookUp(let service): return lookups.append(service)
            case .end(let end): return finish(end)
            case .send(let request, let peer):
                attempts.append(peer)
                requests.append(request)
                if impossible.contains(peer) {
                    step = calls.fail(request, LymphError(.invalidRequest, "impossible"))
                } else if isTaken(by: peer) {
                    return send(request, to: peer)
                } else {
                    step = calls.blocked(request, by: peer, at: now, peers)
                }
            case .hedge(let request, let peer):
                guard isTaken(by: peer) else { return }
                hedges.append((request.callID, peer))
                calls.hedged(request, by: peer, at: now)
                return peers.beginCall(to: peer, at: now)
            case .queue(let request, let peer):
                queued.append((request.callID, peer))
                return calls.queued(request, for: peer, peers.enqueueCall(request, to: peer, at: now))
            }
        }
    }

    @discardableResult
    private func carryOut(_ reaction: Calls.Reaction) -> String {
        switch reaction {
        case .unknown: return "unknown"
        case .wrongPeer: return "wrong peer"
        case .none: return "none"
        case .end(let end):
            finish(end)
            return "end"
        case .goOn(let peer, let outcome):
            peers.endCall(to: peer, outcome, at: now)
            return "go on"
        case .retry(let retry):
            peers.endCall(to: retry.peer, retry.outcome, at: now)
            retries.append(retry.outcome)
            carryOut(retry.next)
            return "retry"
        }
    }

    private func heed(_ notice: InstanceChoice.Notice) {
        notices.append(notice)
        if case .inspect(let peer) = notice, peers.needIdempotentMethods(of: peer, at: now) { inspected.append(peer) }
        guard case .introduce(let peer) = notice else { return }
        peers.introduce(peer, at: now)
        if !open.contains(peer) { peers.block(peer, at: now) }
    }

    private func isTaken(by peer: Endpoint) -> Bool {
        guard peers.isFree(.dial(peer)) else { return false }
        if open.contains(peer) { return true }
        peers.block(peer, isOurChoice: true, at: now)
        return false
    }

    private func send(_ request: Lymph.Message, to peer: Endpoint) {
        sent.append((request.callID, peer))
        calls.sent(request, to: peer, at: now)
        peers.beginCall(to: peer, at: now)
    }

    private func flush(_ peer: Endpoint) {
        while let message = peers.firstWaiting(for: .dial(peer)) {
            peers.removeFirstWaiting(for: .dial(peer))
            if message.kind == .request { send(message, to: peer) }
        }
    }

    private func finish(_ end: CallEnd) {
        switch end.remains {
        case .nothing: break
        case .queued(let peer, let ticket): peers.withdraw(ticket, from: peer)
        case .sent(let peer, let outcome): peers.endCall(to: peer, outcome, at: now)
        }
        if let (peer, outcome) = end.hedge { peers.endCall(to: peer, outcome, at: now) }
        ends[ObjectIdentifier(end.call), default: []].append(end)
    }
}

/// Questions that tests ask.
extension CallBench {
    /// Where a call was sent, in order.
    func peers(of call: Call) -> [Endpoint] { sent.filter { $0.id == call.id }.map(\.peer) }

    /// The second instance that a call was sent to; nil if there is none.
    func hedge(of call: Call) -> Endpoint? { hedges.last { $0.id == call.id }?.peer }

    /// Where a call waited for a connection, in order.
    func waits(of call: Call) -> [Endpoint] { queued.filter { $0.id == call.id }.map(\.peer) }

    /// How a call ended: `reply`, `nack`, `cancelled`, or the code of its error; nil unless it has ended exactly once.
    func end(of call: Call) -> String? {
        guard let ends = ends[ObjectIdentifier(call)], ends.count == 1 else { return nil }
        switch ends[0].result {
        case .success(let answer): return answer.kind == .nack ? "nack" : "reply"
        case .failure(let error as LymphError): return error.code.description
        case .failure(let error): return error is CancellationError ? "cancelled" : "\(error)"
        }
    }

    /// What a call ended with; nil if it has not ended.
    func result(of call: Call) -> Result<Lymph.Message, any Error>? { ends[ObjectIdentifier(call)]?.last?.result }

    /// What is left of a call at a peer: `nothing`, `queued`, or what happened to it there.
    func remains(of call: Call) -> String? {
        guard let end = ends[ObjectIdentifier(call)]?.last else { return nil }
        return switch end.remains {
        case .nothing: "nothing"
        case .queued: "queued"
        case .sent(_, let outcome): "\(outcome)"
        }
    }

    /// Who may still be working for a call that has ended.
    func workers(of call: Call) -> [Endpoint]? { ends[ObjectIdentifier(call)]?.last?.workers }

    func error(of call: Call) -> LymphError? { ends[ObjectIdentifier(call)]?.last?.error }

    func outstanding(_ number: Int) -> Int { peers.outstanding(at: .number(number)) }

    /// Whether nothing is left of any call.
    func isClean(_ numbers: Range<Int> = 0..<10) -> Bool {
        calls.count == 0 && calls.nextDeadline == nil
            && numbers.allSatisfy { outstanding($0) == 0 && peers.isFree(.dial(.number($0))) }
    }
}

extension ServiceInstance {
    static func number(_ number: Int, _ version: Version? = nil, of service: String = "echo") -> ServiceInstance {
        ServiceInstance(service: service, endpoint: .number(number), version: version, id: "\(number)")
    }
}
