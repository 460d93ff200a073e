package import Logging
internal import Synchronization
internal import ZeroMQ

/// Drives the transport: every message goes out and comes in here, and every call begins and ends here.
///
/// Its executor is the thread that waits for the sockets, so its methods touch them without a lock or a hop. What there
/// is to decide is decided by value types (``PendingCalls``, ``ServiceTable``, ``Outboxes``, ``PeerTable``); the
/// poller carries it out.
package actor Poller {
    /// From its beginning to its end.
    enum State {
        /// Nothing is received yet; calls are kept. Next: `open`, `closed`.
        case idle
        /// Next: `closed`.
        case open(Endpoint)
        /// Every call fails with this error. There is no way back.
        case closed(LymphError)
    }

    nonisolated let thread: PollThread
    let taskExecutor: any TaskExecutor
    package nonisolated let configuration: ContainerConfiguration
    package nonisolated let logger: Logger
    package nonisolated let logLevels: LogLevels

    /// The names of services that somebody has to look up, for ``Client/run()``.
    nonisolated let lookups: AsyncStream<String>
    let lookupRequests: AsyncStream<String>.Continuation

    let transport: any MessageTransport
    var state = State.idle

    var ids = IDGenerator()
    var pending = PendingCalls<Call>()
    var services: ServiceTable
    var outboxes: Outboxes
    var peers: PeerTable
    var balancer: LoadBalancer
    var retries = RetryBudget(now: .now)
    var server: ServerState
    nonisolated let handover = Atomic<Bool>(false)
    package var statistics: Statistics
    var logLimit = LogLimit<RepeatedLine>()
    /// Until when nothing is opened for strangers, since there was no descriptor left.
    var exhaustion: (end: Instant, cause: (any Error)?)?
    var exhaustionReminder = Reminder(every: .seconds(60))

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    package init(configuration: ContainerConfiguration, logger: Logger) {
        self.configuration = configuration
        logLevels = LogLevels()
        self.logger = logLevels.adjusting(logger)
        thread = PollThread(name: "lymph-poller")
        taskExecutor = thread.taskExecutor()
        transport = configuration.makeTransport(on: thread)
        server = ServerState(configuration.handlerExecutor.kind == .poller ? .pollThread : .elsewhere)
        statistics = Statistics(tags: configuration.metricsTags)
        outboxes = Outboxes(byteLimit: configuration.maxQueuedBytes)
        peers = PeerTable(limit: configuration.maxPeers)
        balancer = LoadBalancer(configuration.loadBalancing)
        services = ServiceTable(configuration.unversionedCalls)
        (lookups, lookupRequests) = AsyncStream.makeStream()
    }

    deinit { thread.stop() }

    /// Runs a closure on the poller, without waiting for it.
    nonisolated func submit(_ body: @escaping @Sendable (isolated Poller) -> Void) {
        thread.execute { self.assumeIsolated { body($0) } }
    }

    // MARK: Opening and closing

    /// Where peers reach us, once the poller is open.
    package var endpoint: Endpoint? {
        if case .open(let endpoint) = state { endpoint } else { nil }
    }

    /// How many calls of ours wait for their answer.
    package var waitingCalls: Int { pending.count }

    /// How much waits for peers that were slow to take their answers.
    var unsentAnswers: Int { outboxes.answers + transport.blockedFrames }

    /// How many requests of others are being handled.
    package var runningRequests: Int { server.workers.running }

    /// How many peers may be dialled for strangers at most, whatever the configuration says.
    var peerLimit: PeerLimit? { transport.peerLimit }

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
            let endpoint = try transport.open { self.handleHere($0) }
            state = .open(endpoint)
            if let peerLimit { peers.restrict(to: peerLimit.count) }
            logger.debug("listening", metadata: [LogKey.endpoint: "\(endpoint)"])
            for id in pending.ids { dispatch(id) }
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
        state = .closed(error)
        lookupRequests.finish()
        for call in pending.takeAll() { end(call, throwing: call.stopped(error)) }
        let answers = outboxes.answers
        for _ in 0..<answers { statistics.drop(.undeliverable) }
        if answers > 0 { logger.warning("\(answers) answers were not sent: their peers did not take them") }
        logAllSums()
        outboxes.removeAll()
        // The handlers hold their interfaces, and these the client with this poller: let go of the circle.
        server.router = Router()
        endWorkers()
        transport.close(grace: grace)
        detach()
    }

    // MARK: What the transport reports

    func handle(_ event: TransportEvent) {
        switch event {
        case .message(let message, let route):
            let now = Instant.now
            heard(from: route.peer, at: now)
            switch message.kind {
            case .request: handleRequest(message, over: route)
            default: handleReply(message, over: route, at: now)
            }
        case .malformed(let error, let route):
            drop(error.reason, "\(error)", from: route.peer)
            if let id = error.request, case .back = route { refuse(id, from: route.peer, "\(error)") }
        case .dropped(let reason, let text):
            drop(reason, text, from: nil)
        case .writable(let peer):
            peers.update(peer) { $0.connection.writable() }
            flush(.dial(peer))
        case .undeliverable(let message, let route, let error):
            undeliverable(message, over: route, error)
        case .blocked(let route):
            outboxes.blocked(route)
        case .disconnected(let peer):
            peers.blocked(peer, now: .now)
        }
    }

    // MARK: Time

    /// Makes the thread call the poller, and keep it alive until ``detach()``: a weak reference would make every use of the
    /// poller slower.
    func attach() {
        guard thread.onIdle == nil else { return }
        thread.onIdle = { self.assumeIsolated { $0.onIdle() } }
        thread.onDeadline = { self.assumeIsolated { $0.onDeadline() } }
    }

    private func detach() {
        thread.onIdle = nil
        thread.deadline = nil
        thread.onDeadline = nil
    }

    private func onDeadline() {
        let now = Instant.now
        for call in pending.takeExpired(now: now) {
            settle(call, .missing, at: now)
            end(call, throwing: call.expired())
        }
        if let retry = outboxes.retryAt, retry <= now {
            for route in outboxes.takeRetries() { flush(route) }
        }
        checkPeers(now: now)
        logSums(logLimit.takeSums(at: now))
    }

    /// There is nothing more to do for now: sends what waits to be sent together, and makes the thread wake up for the next
    /// thing that has a time.
    private func onIdle() {
        if case .idle = state, pending.isEmpty { return detach() }
        transport.flush()
        let next = earliest(pending.nextDeadline, earliest(outboxes.retryAt, peers.nextCheck))
        thread.deadline = earliest(next, logLimit.nextSum)
    }
}

private func earliest(_ a: Instant?, _ b: Instant?) -> Instant? {
    guard let a, let b else { return a ?? b }
    return min(a, b)
}
