internal import Dispatch
internal import Logging
internal import Lymph
internal import ZeroMQ

extension ZooKeeperRegistry {
    // MARK: Waiting

    /// Suspends the caller until the topic is resolved, its deadline passes, or its task is cancelled.
    ///
    /// - Parameter begin: Starts what leads to the result.
    @discardableResult
    func wait(
        for topic: Waiters.Topic, until deadline: ContinuousClock.Instant, _ begin: () -> Void = {}
    ) async throws -> NodeReply {
        let number = newNumber()
        let left = deadline - .now
        after(left) { registry in
            registry.waiters.resume(number, with: .failure(registry.makeTimeoutError()))
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                waiters.add(number, for: topic, continuation)
                begin()
            }
        } onCancel: {
            // The waiter was added on this thread, so it is there before this is executed.
            thread.execute { self.assumeIsolated { $0.waiters.resume(number, with: .failure(CancellationError())) } }
        }
    }

    /// The deadline of a call that starts now.
    func newDeadline() -> ContinuousClock.Instant { .now + configuration.connectTimeout }

    /// Sends one request and waits for the reply.
    func ask(_ request: NodeRequest, until deadline: ContinuousClock.Instant) async throws -> NodeReply {
        let number = newNumber()
        return try await wait(for: .reply(number), until: deadline) { send(request, .task, number: number) }
    }

    /// Runs `body` when there is a connection, and again if the connection was lost in the meantime.
    func withConnection<R: Sendable>(
        for purpose: String, _ body: (isolated ZooKeeperRegistry) async throws -> R
    ) async throws -> R {
        let deadline = newDeadline()
        while true {
            try await beOnline(until: deadline)
            do {
                return try await body(self)
            } catch let error as ZooKeeperError {
                guard error.isTransient, .now < deadline else {
                    throw RegistryError(
                        .unavailable, "ZooKeeper at \(hosts.servers) refuses to \(purpose)", cause: error)
                }
                // Whatever made it fail may last a moment longer than this attempt.
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// Returns when requests are served.
    private func beOnline(until deadline: ContinuousClock.Instant) async throws {
        guard !session.isClosed else { throw makeClosedError() }
        if session.current != nil { return }
        try await wait(for: .online, until: deadline) { perform(session.start()) }
    }

    func newNumber() -> Int {
        lastNumber += 1
        return lastNumber
    }

    /// Runs `body` after a delay, unless the registry is gone by then.
    func after(_ delay: Duration, _ body: @escaping @Sendable (isolated ZooKeeperRegistry) -> Void) {
        thread.after(delay) { [weak self] in
            self?.assumeIsolated { body($0) }
        }
    }

    // MARK: Sessions

    func perform(_ actions: [Session.Action]) {
        for action in actions {
            switch action {
            case .open(let number): open(number)
            case .openLater(let delay): after(delay) { $0.perform($0.session.timeIsUp()) }
            case .giveUpLater(let change):
                after(configuration.sessionTimeout * 2) { $0.perform($0.session.connectionIsMissing(since: change)) }
            case .close: dropHandle()
            case .online(let current): goOnline(current)
            case .offline: goOffline()
            }
        }
    }

    private func open(_ number: Int) {
        let settings = clientSettings()
        let (thread, closing) = (thread, closing)
        let sink: ClientSink = { [weak self] event in
            // Moves off the client's thread, without keeping the registry alive.
            thread.execute { [weak self] in self?.assumeIsolated { $0.handle(event, of: number) } }
        }
        probeLater()
        ZooKeeperHandle.blocking.async { [weak self] in
            let result = Result { () throws(ZooKeeperHandleError) in
                try ZooKeeperHandle(settings, closing: closing, sink: sink)
            }
            thread.execute { [weak self] in self?.assumeIsolated { $0.opened(result, number) } }
        }
    }

    private func opened(_ result: Result<ZooKeeperHandle, ZooKeeperHandleError>, _ number: Int) {
        switch result {
        case .success(let handle):
            // If the handle is no longer wanted, it closes itself when it is released here.
            guard session.isWaiting(for: number) else { return }
            self.handle = handle
            let events = earlyEvents
            earlyEvents = []
            for event in events { self.handle(event, of: number) }
        case .failure(let error):
            if !error.isTransient { problem = error.description }
            logger.info("no session with ZooKeeper", metadata: [LogKey.error: "\(error)"])
            if !error.isTransient { waiters.fail(with: RegistryError(.unavailable, error.description)) }
            perform(session.openingFailed(number))
        }
    }

    private func handle(_ event: ClientEvent, of number: Int) {
        guard session.isWaiting(for: number) else { return }
        guard handle != nil else { return earlyEvents.append(event) }
        switch event {
        case .session(let event):
            if event == .authenticationFailed { problem = "it refuses the credentials" }
            if event == .expired { logger.info("the session with ZooKeeper has expired") }
            perform(session.handle(event, of: number))
        case .node(let event): handle(event)
        case .reply(let number, let result): handle(result, to: number)
        }
        scheduleRetry()
    }

    private func goOnline(_ current: Int64) {
        (problem, finding) = (nil, nil)
        logger.info(
            "connected to ZooKeeper",
            metadata: [LogKey.hosts: "\(hosts.servers)", LogKey.session: "0x\(String(current, radix: 16))"])
        waiters.resume(.online, with: .success(.done))
        resumeRegistering(in: current)
        resumeWatching()
    }

    private func goOffline() {
        if !session.isClosed {
            // Registrations will be lost if the connection does not come back in time.
            logger.log(level: registrations.isEmpty ? .info : .warning, "the connection to ZooKeeper is lost")
            probeLater()
        }
        for path in registrations.keys { registrations[path]?.node.pause() }
        for service in views.keys { views[service]?.view.pause() }
    }

    /// Releases the session, with the requests in progress.
    private func dropHandle() {
        handle = nil
        earlyEvents = []
        tickets = [:]
        guard session.isClosed else {
            waiters.fail(where: { if case .reply = $0 { true } else { false } }, with: ZooKeeperError.closing)
            return
        }
        waiters.fail(with: makeClosedError())
        watchers.finish()
        registrations = [:]
        withdrawals = [:]
        views = [:]
    }

    // MARK: Requests

    /// Sends a request; the ticket says where the reply goes.
    func send(_ request: NodeRequest, _ ticket: Ticket, number: Int? = nil) {
        let number = number ?? newNumber()
        tickets[number] = ticket
        if let error = handle.map({ $0.send(request, number: number) }) ?? .connectionLost {
            thread.execute { [weak self] in self?.assumeIsolated { $0.handle(.failure(error), to: number) } }
        }
    }

    private func handle(_ result: NodeResult, to number: Int) {
        handle?.finish(number)
        guard let ticket = tickets.removeValue(forKey: number) else { return }
        switch ticket {
        case .task: waiters.resume(.reply(number), with: result.mapError { $0 })
        case .registration(let path, let number): registered(path, number, result)
        case .withdrawal(let path, let number): withdrawn(path, number, result)
        case .list(let service, let view, let round): listed(service, view, round, result)
        case .fetch(let node, let service, let view, let round): fetched(node, service, view, round, result)
        case .awaitService(let service, let view, let round): foundService(service, view, round, result)
        }
    }

    private func handle(_ event: NodeEvent) {
        switch event.kind {
        case .deleted, .dataChanged: checkSoon(event.path)
        case .created, .childrenChanged: break
        }
        guard let (service, node) = paths.parse(event.path) else { return }
        viewChanged(service, node: node)
    }

    /// Schedules a retry in a second for what failed for a temporary reason.
    private func scheduleRetry() {
        guard !isRetryScheduled, session.current != nil, isAnythingPending else { return }
        isRetryScheduled = true
        after(.seconds(1)) { registry in
            registry.isRetryScheduled = false
            guard let current = registry.session.current else { return }
            registry.retryRegistering(in: current)
            registry.retryWatching()
            registry.scheduleRetry()
        }
    }

    private var isAnythingPending: Bool {
        registrations.values.contains { $0.node.isPending } || views.values.contains { $0.view.isIdle }
            || withdrawals.values.contains { $0.isPending }
    }
}
