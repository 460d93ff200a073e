package import Logging
internal import ZeroMQ

/// Drives the transport. Every message is sent and received here, and every call begins and ends here.
///
/// Its executor is the event loop that waits for the sockets, so its methods use them without a lock or an executor
/// hop. It makes no decisions: it reports events to ``Calls``, ``Requests`` and ``Peers``, which say what to do, and
/// carries that out.
package actor Poller {
    /// The poller's life cycle.
    enum State {
        /// Nothing is received yet, and calls wait. Next: `open`, `closed`.
        case idle
        /// Next: `closed`.
        case open(Endpoint)
        /// Every call fails. Final.
        case closed
    }

    package nonisolated let loop: any EventLoop
    let taskExecutor: any TaskExecutor
    package nonisolated let configuration: PeerConfiguration
    package nonisolated let logger: Logger
    package nonisolated let logLevels: LogLevels
    nonisolated let interceptors: ServiceInterceptors

    /// The names of services to look up; ``Client/run()`` reads them.
    nonisolated let lookups: AsyncStream<String>
    let lookupRequests: AsyncStream<String>.Continuation
    /// The peers to ask which of their methods are idempotent, likewise.
    nonisolated let inspections: AsyncStream<Endpoint>
    let inspectionRequests: AsyncStream<Endpoint>.Continuation

    let transport: any MessageTransport

    // None of these calls back into the poller, so accesses cannot overlap. The dynamic exclusivity checks would cost
    // 2500 instructions for each call.
    @exclusivity(unchecked) var state = State.idle
    @exclusivity(unchecked) var ids: IDGenerator
    @exclusivity(unchecked) var calls: Calls
    @exclusivity(unchecked) var requests: Requests<IdleWorker>
    @exclusivity(unchecked) var absentCallers = AbsentCallers()
    @exclusivity(unchecked) var peers: Peers
    @exclusivity(unchecked) package var statistics: Statistics
    @exclusivity(unchecked) var clock = TurnClock()
    /// The tasks of the workers, by number.
    var workerTasks: [Int: Task<Void, Never>] = [:]
    /// Resumed when no handler runs any more.
    var whenIdle: [CheckedContinuation<Void, Never>] = []
    var identity = ""
    var logLimit = LogLimit<RepeatedLine>()
    var exhaustionReminder = Reminder(every: .seconds(60))

    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    package init(configuration: PeerConfiguration, logger: Logger) {
        self.configuration = configuration
        interceptors = ServiceInterceptors(configuration.serviceInterceptors)
        let (loop, transport) = configuration.makeLoop()
        (self.loop, self.transport) = (loop, transport)
        logLevels = LogLevels { loop.now }
        self.logger = logLevels.adjusting(logger)
        taskExecutor = loop.taskExecutor(of: nil)
        opening = loop.now
        ids = loop.makeIDs()
        statistics = Statistics(tags: configuration.metricsTags)
        calls = Calls(
            configuration.loadBalancing, configuration.unversionedCalls, EndpointChoice(configuration.security),
            seed: UInt64(truncatingIfNeeded: ids.next()),
            now: loop.now)
        requests = Requests(
            configuration.handlerExecutor.kind == .poller ? .pollThread : .elsewhere,
            limit: configuration.maxConcurrentRequests, policy: configuration.security.encrypted?.policy)
        peers = Peers(limit: configuration.maxPeers, byteLimit: configuration.maxQueuedBytes)
        (lookups, lookupRequests) = AsyncStream.makeStream()
        (inspections, inspectionRequests) = AsyncStream.makeStream()
    }

    deinit { loop.stop() }

    /// Runs a closure on the poller without waiting for the result.
    nonisolated func submit(_ body: @escaping @Sendable (isolated Poller) -> Void) {
        loop.execute { self.assumeIsolated { body($0) } }
    }

    // MARK: Opening and closing

    /// Where peers can reach us; nil while the poller is not open.
    package var endpoint: Endpoint? {
        if case .open(let endpoint) = state { endpoint } else { nil }
    }

    /// Where peers with keys can reach us; nil if they can't, and before ``open()``.
    private(set) var encryptedEndpoint: Endpoint?

    /// The number of our calls that have no answer yet.
    package var waitingCalls: Int { calls.count }

    /// Sends the answers that can be sent now.
    ///
    /// - Returns: The number of answers still waiting for slow peers; several that share a frame count as one.
    func flushAnswers() -> Int { peers.waitingAnswers + transport.flush() }

    /// The number of requests from peers that are running or queued.
    package var runningRequests: Int { requests.running }

    /// The transport's limit on peers, which caps ``PeerConfiguration/maxPeers``; nil before ``open()``, or if
    /// there is none.
    private(set) var peerLimit: PeerLimit?

    /// When the poller was opened; before that, when it was made. No message can have reached it earlier.
    private(set) var opening: Instant

    /// Starts to receive, and sends the calls that were made before.
    ///
    /// - Throws: ``LymphError`` with code `alreadyRunning` if the poller was opened or closed before, `bindFailure`,
    ///   or `configuration` for an address that nobody can connect to.
    @discardableResult
    func open() throws(LymphError) -> Endpoint {
        guard case .idle = state else {
            throw LymphError(.alreadyRunning, "run() can be called once, and was called before")
        }
        attach()
        do throws(LymphError) {
            try configuration.validateAddresses()
            opening = loop.now
            let opened = try transport.open { self.handle($0) }
            let endpoint = opened.endpoint
            state = .open(endpoint)
            encryptedEndpoint = opened.encrypted
            peerLimit = opened.peerLimit
            if let peerLimit { peers.restrict(to: peerLimit.count) }
            logger.debug("listening", metadata: [LogKey.endpoint: "\(endpoint)"])
            for id in calls.open(isStarting: configuration.startupGrace > .zero) { route(id) }
            return endpoint
        } catch {
            close(because: error, grace: .zero)
            throw error
        }
    }

    /// Fails all waiting calls and closes the sockets. Does nothing the second time.
    ///
    /// - Parameters:
    ///   - error: The cause of the errors of all calls, now and later.
    ///   - grace: How long answers that were already handed to the transport may take to leave the process.
    func close(because error: LymphError, grace: Duration) {
        if case .closed = state { return }
        state = .closed
        lookupRequests.finish()
        inspectionRequests.finish()
        stopCalls(because: error)
        let answers = peers.waitingAnswers
        for _ in 0..<answers { statistics.countDrop(.undeliverable) }
        if answers > 0 { logger.warning("\(answers) answers were not sent: their peers did not take them") }
        logAllSums()
        peers.dropWaiting()
        // Breaks a reference cycle.
        releaseInterfaces()
        transport.close(grace: grace)
        detach()
    }

    // MARK: What the transport reports

    private func handle(_ event: TransportEvent) {
        let now = loop.now
        clock.note(now)
        switch event {
        case .message(let message, let route):
            for call in peers.hear(from: route.peer, announced(by: message, over: route), at: now) {
                sendCancellation(of: call, to: route.peer)
            }
            if !absentCallers.isEmpty, case .back(let caller) = route { absentCallers.hear(caller) }
            switch message.kind {
            case .request: handleRequest(message, over: route, at: now)
            case .cancel: handleCancellation(message, over: route)
            case .reply, .ack, .nack, .error: handleAnswer(message, from: route.peer, at: now)
            }
        case .malformed(let error, let route):
            drop(error.reason, "\(error)", from: route.peer)
            if let id = error.request, case .back = route { refuse(id, from: route.peer, "\(error)") }
        case .dropped(let reason, let text):
            drop(reason, text, from: nil)
        case .writable(let peer):
            if peers.unblock(peer, at: now) { ping(peer, at: now) }
            flush(.dial(peer))
            peers.reconsider(at: now)
        case .undeliverable(let message, let route, let error):
            undeliverable(message, over: route, error)
        case .blocked(let route):
            peers.block(route, at: now)
        case .disconnected(let peer):
            peers.disconnect(peer, at: now)
        case .left(let caller):
            // Most have nothing to lose.
            if requests.hasRequests(of: caller) { absentCallers.leave(caller, at: now) }
        case .refused(let peer):
            peers.refuse(peer)
            avoid(peer, at: now)
        case .unauthorized(let peer):
            bar(peer, at: now)
        }
    }

    // MARK: Time

    /// Makes the loop call the poller. The loop retains the poller until ``detach()``: a weak reference would make
    /// every use of the poller slower.
    func attach() {
        guard loop.onIdle == nil else { return }
        loop.onIdle = { Self.idling(self, ()) }
        loop.onDeadline = { self.assumeIsolated { $0.onDeadline() } }
    }

    private func detach() {
        loop.onIdle = nil
        loop.deadline = nil
        loop.onDeadline = nil
    }

    private func onDeadline() {
        let now = loop.now
        while let end = calls.takeExpired(now: now) { finish(end, at: now) }
        hedgeSlowCalls(at: now)
        expireRequests(at: now)
        for route in peers.takeBlockedRoutes(at: now) { flush(route) }
        for (peer, duty) in peers.takeDuties(at: now) { perform(duty, for: peer, at: now) }
        for caller in absentCallers.takeDeparted(at: now) { cancelRequests(of: caller) }
        let census = peers.census(at: now)
        for state in Health.State.allCases { statistics.setConnections(census[state] ?? 0, in: state.rawValue) }
        logSums(logLimit.takeSums(at: now))
    }

    private static let idling = IsolatedEntry<Poller, Void, Void> { poller, _ in poller.onIdle() }

    /// Called when the loop has run out of work: sends the messages that were kept to be sent together, and sets the
    /// time of the next wake-up.
    private func onIdle() {
        clock.passTime()
        if case .idle = state, calls.count == 0 { return detach() }
        transport.flush()
        loop.deadline = earliest(
            earliest(earliest(calls.nextDeadline, requests.nextDeadline), absentCallers.nextDeadline),
            earliest(peers.nextDeadline, logLimit.nextSum))
    }
}
