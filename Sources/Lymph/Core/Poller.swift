package import Logging
internal import Synchronization
internal import ZeroMQ

/// Drives the transport: every message goes out and comes in here, and every call begins and ends here.
///
/// Its executor is the loop that waits for the sockets, so its methods touch them without a lock or a hop. It decides nothing:
/// ``Calls``, ``Requests`` and ``Peers`` are told what happens and say what follows, and the poller carries it out.
package actor Poller {
    /// From its beginning to its end.
    enum State {
        /// Nothing is received yet; calls are kept. Next: `open`, `closed`.
        case idle
        /// Next: `closed`.
        case open(Endpoint)
        /// Every call fails. There is no way back.
        case closed
    }

    nonisolated let loop: any EventLoop
    let taskExecutor: any TaskExecutor
    package nonisolated let configuration: ContainerConfiguration
    package nonisolated let logger: Logger
    package nonisolated let logLevels: LogLevels
    nonisolated let interceptors: ServiceInterceptors

    /// The names of services that somebody has to look up, for ``Client/run()``.
    nonisolated let lookups: AsyncStream<String>
    let lookupRequests: AsyncStream<String>.Continuation

    let transport: any MessageTransport

    // None of these calls anybody, so no access to one can meet another: to check that each time would cost a call 2500 instructions.
    @exclusivity(unchecked) var state = State.idle
    @exclusivity(unchecked) var ids: IDGenerator
    @exclusivity(unchecked) var calls: Calls
    @exclusivity(unchecked) var requests: Requests<IdleWorker>
    @exclusivity(unchecked) var peers: Peers
    @exclusivity(unchecked) package var statistics: Statistics
    /// The tasks of all workers, by their numbers.
    var workerTasks: [Int: Task<Void, Never>] = [:]
    nonisolated let handover = Atomic<Bool>(false)
    /// Resumed when the last handler has ended.
    var whenIdle: [CheckedContinuation<Void, Never>] = []
    var identity = ""
    var logLimit = LogLimit<RepeatedLine>()
    var exhaustionReminder = Reminder(every: .seconds(60))

    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    package init(configuration: ContainerConfiguration, logger: Logger) {
        self.configuration = configuration
        interceptors = ServiceInterceptors(configuration.serviceInterceptors)
        let (loop, transport) = configuration.makeLoop()
        (self.loop, self.transport) = (loop, transport)
        logLevels = LogLevels { loop.now }
        self.logger = logLevels.adjusting(logger)
        taskExecutor = loop.taskExecutor(of: nil)
        ids = loop.makeIDs()
        statistics = Statistics(tags: configuration.metricsTags)
        calls = Calls(
            configuration.loadBalancing, configuration.unversionedCalls, seed: UInt64(truncatingIfNeeded: ids.next()),
            now: loop.now)
        requests = Requests(
            configuration.handlerExecutor.kind == .poller ? .pollThread : .elsewhere,
            limit: configuration.maxConcurrentRequests)
        peers = Peers(limit: configuration.maxPeers, byteLimit: configuration.maxQueuedBytes)
        (lookups, lookupRequests) = AsyncStream.makeStream()
    }

    deinit { loop.stop() }

    /// Runs a closure on the poller, without waiting for it.
    nonisolated func submit(_ body: @escaping @Sendable (isolated Poller) -> Void) {
        loop.execute { self.assumeIsolated { body($0) } }
    }

    // MARK: Opening and closing

    /// Where peers reach us, once the poller is open.
    package var endpoint: Endpoint? {
        if case .open(let endpoint) = state { endpoint } else { nil }
    }

    /// How many calls of ours wait for their answer.
    package var waitingCalls: Int { calls.count }

    /// Sends the answers that can be sent.
    ///
    /// - Returns: How many wait for peers that are slow to take them; several that share a frame count as one.
    func flushAnswers() -> Int { peers.waitingAnswers + transport.flush() }

    /// How many requests of others are being handled.
    package var runningRequests: Int { requests.running }

    /// How many peers may be dialled for strangers at most, whatever the configuration says.
    private(set) var peerLimit: PeerLimit?

    /// Begins to receive, and sends what was called for before.
    ///
    /// - Throws: ``LymphError`` with code `bindFailure` or `alreadyRunning`.
    @discardableResult
    func open() throws(LymphError) -> Endpoint {
        guard case .idle = state else {
            throw LymphError(.alreadyRunning, "run() can be called once, and was called before")
        }
        attach()
        do throws(LymphError) {
            try configuration.validateAddresses()
            let opening = try transport.open { self.handleHere($0) }
            let endpoint = opening.endpoint
            state = .open(endpoint)
            peerLimit = opening.peerLimit
            if let peerLimit { peers.restrict(to: peerLimit.count) }
            logger.debug("listening", metadata: [LogKey.endpoint: "\(endpoint)"])
            for id in calls.open() { route(id) }
            return endpoint
        } catch {
            close(because: error, grace: .zero)
            throw error
        }
    }

    /// Ends everything: fails the calls that wait, closes the sockets. A second time does nothing.
    ///
    /// - Parameters:
    ///   - error: What the calls fail with, now and later.
    ///   - grace: How long answers that were sent already may take to leave the process.
    func close(because error: LymphError, grace: Duration) {
        if case .closed = state { return }
        state = .closed
        lookupRequests.finish()
        let now = loop.now
        for end in calls.stop(error) { finish(end, at: now) }
        let answers = peers.waitingAnswers
        for _ in 0..<answers { statistics.countDrop(.undeliverable) }
        if answers > 0 { logger.warning("\(answers) answers were not sent: their peers did not take them") }
        logAllSums()
        peers.dropWaiting()
        // The handlers hold their interfaces, and these the client with this poller: let go of the circle.
        for worker in requests.stop() { worker.resume(returning: .end) }
        transport.close(grace: grace)
        detach()
    }

    // MARK: What the transport reports

    func handle(_ event: TransportEvent) {
        let now = loop.now
        switch event {
        case .message(let message, let route):
            peers.hear(from: route.peer, at: now)
            switch message.kind {
            case .request: handleRequest(message, over: route)
            case .reply, .ack, .nack, .error: handleAnswer(message, from: route.peer, at: now)
            }
        case .malformed(let error, let route):
            drop(error.reason, "\(error)", from: route.peer)
            if let id = error.request, case .back = route { refuse(id, from: route.peer, "\(error)") }
        case .dropped(let reason, let text):
            drop(reason, text, from: nil)
        case .writable(let peer):
            peers.unblock(peer)
            flush(.dial(peer))
        case .undeliverable(let message, let route, let error):
            undeliverable(message, over: route, error)
        case .blocked(let route):
            peers.block(route, at: now)
        case .disconnected(let peer):
            peers.block(peer, at: now)
        }
    }

    // MARK: Time

    /// Makes the loop call the poller, and keep it alive until ``detach()``: a weak reference would make every use of the
    /// poller slower.
    func attach() {
        guard loop.onIdle == nil else { return }
        loop.onIdle = { self.assumeIsolated { $0.onIdle() } }
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
        for route in peers.takeBlockedRoutes(at: now) { flush(route) }
        for (peer, duty) in peers.takeDuties(at: now) { perform(duty, for: peer, at: now) }
        let census = peers.census(at: now)
        for state in Health.State.allCases { statistics.setConnections(census[state] ?? 0, in: state.rawValue) }
        logSums(logLimit.takeSums(at: now))
    }

    /// There is nothing more to do for now: sends what waits to be sent together, and makes the loop wake up for the next
    /// thing that has a time.
    private func onIdle() {
        if case .idle = state, calls.count == 0 { return detach() }
        transport.flush()
        loop.deadline = earliest(earliest(calls.nextDeadline, peers.nextDeadline), logLimit.nextSum)
    }
}
