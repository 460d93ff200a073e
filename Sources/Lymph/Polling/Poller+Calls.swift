internal import ZeroMQ

/// The caller's side: requests go out, answers come in.
extension Poller {
    /// Sends a request and waits for its answer, whatever kind it is.
    ///
    /// The request is queued before the first suspension. It is not made on the poller, so that the answer resumes the caller
    /// where it is, without a stop here.
    ///
    /// - Throws: ``LymphError``, or `CancellationError` as soon as the task is cancelled.
    nonisolated func call(_ call: Call) async throws -> Message {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                call.continuation = continuation
                // A cancellation from now on has its turn on the thread after this.
                if thread.isCurrent { return beginHere(call) }
                submit { $0.begin(call) }
                // A cancellation in between has found no call. One that comes from now on finds it.
                if Task.isCancelled { submit { $0.cancel(call) } }
            }
        } onCancel: {
            submit { $0.cancel(call) }
        }
    }

    func begin(_ call: Call) {
        if case .closed(let error) = state {
            return end(call, throwing: call.stopped(error))
        }
        if case .idle = state { attach() }
        call.id = pending.insert(call, random: ids.next(), deadline: call.deadline)
        retries.deposit()
        dispatch(call)
    }

    private func cancel(_ call: Call) {
        // Nothing is found before its beginning, and after its end.
        guard let call = take(call.id, .abandoned) else { return }
        end(call, throwing: CancellationError())
    }

    /// Ends a call that is no longer in the table.
    func end(_ call: Call, throwing error: any Error) {
        statistics.call((error as? LymphError)?.code.description ?? "cancelled")
        call.end(.failure(error))
    }

    func fail(_ id: UInt128, _ error: LymphError) {
        guard let call = take(id, .abandoned) else { return }
        // Whatever the error is about, an earlier attempt may have been executed.
        end(call, throwing: call.execution == .none ? error : error.with(execution: call.execution))
    }

    /// Takes a call out of the table.
    ///
    /// - Parameter outcome: What the peer that it was sent to is to be judged by.
    private func take(_ id: UInt128, _ outcome: Load.Outcome) -> Call? {
        guard let call = pending.take(id) else { return nil }
        settle(call, outcome, at: .now)
        return call
    }

    /// A call that was taken out of the table is no longer work for its peer.
    func settle(_ call: Call, _ outcome: Load.Outcome, at now: Instant) {
        guard let peer = call.sentTo else { return }
        peers.update(peer) { $0.load.end(outcome, at: now) }
    }

    // MARK: Towards the peer

    /// Sends what waits for a route, until that is empty or blocked again.
    func flush(_ route: Route) {
        while let item = outboxes.first(route) {
            let message: Message
            switch item {
            case .answer(let answer): message = answer
            case .call(let id):
                // The call may have ended while it waited: then it must not be sent any more.
                guard let waiting = pending[id]?.message else {
                    outboxes.removeFirst(route)
                    continue
                }
                message = waiting
            }
            do throws(LymphError) {
                let now = Instant.now
                guard case .done = try sendNow(message, over: route, at: now) else { return outboxes.blocked(route) }
                outboxes.removeFirst(route)
                if case .call(let id) = item, let call = pending[id] { sent(call, to: route.peer, at: now) }
            } catch {
                outboxes.removeFirst(route)
                switch item {
                case .call(let id): fail(id, error)
                case .answer(let answer): undeliverable(answer, over: route, error)
                }
            }
        }
    }

    // MARK: From the peer

    func handleReply(_ message: Message, over route: Route, at now: Instant) {
        let peer = route.peer
        guard case .request(.number(let id)) = message.about, let call = pending[id] else {
            return handlePong(message, from: peer, at: now)
        }
        let isLast = call.sentTo == peer
        guard isLast || call.tried.contains(peer) else {
            return drop(.wrongPeer, "an answer to \(message.subject) that another peer was asked for", from: peer)
        }
        let outcome = Load.Outcome(message, after: call.sentAt.map { now - $0 } ?? .zero)
        if message.kind == .nack, message.headers.reason?.isWorthRetrying == true {
            // One that was asked before has not done it: whoever was asked last may be at it.
            guard isLast else { return }
            if retry(id, after: outcome) { return }
        }
        _ = pending.take(id)
        if isLast { peers.update(peer) { $0.load.end(outcome, at: now) } } else { settle(call, .abandoned, at: now) }
        statistics.call(message.kind.rawValue)
        call.end(.success(message))
    }

    /// An answer that no call waits for: that to a heartbeat, or one that comes too late.
    private func handlePong(_ message: Message, from peer: Endpoint, at now: Instant) {
        var isPong = false
        if case .request(.number(let id)) = message.about {
            peers.update(peer) { isPong = $0.connection.ponged(id, at: now) }
        }
        if !isPong { drop(.unknownReply, "nobody waits for an answer to \(message.subject)", from: peer) }
    }

    // MARK: Services

    /// The registry's list of a service's instances, for the first time or because it changed.
    func update(_ service: String, _ instances: [ServiceInstance]) {
        let (waiting, new) = services.update(service, instances)
        for instance in new where peers[instance.endpoint]?.connection.state(at: .now) == .unreachable {
            // Somebody new is where nobody was: don't wait for the next attempt of a connection that has given up for a while.
            transport.disconnect(instance.endpoint)
            peers.update(instance.endpoint) { $0.connection = Connection() }
            ping(instance.endpoint, at: .now)
        }
        for id in waiting { dispatch(id) }
    }

    /// The registry doesn't know a service, or no longer; the next call asks again.
    ///
    /// - Returns: Whether calls are left that wait until somebody registers it.
    func lookupFailed(_ service: String, _ error: (any Error)?) -> Bool {
        let isUnknown = (error as? RegistryError)?.code == .lookupFailed
        for id in services.remove(service) {
            if isUnknown, pending[id]?.waitsForReady == true {
                services.wait(id, for: service)
                continue
            }
            let text = (error as? RegistryError)?.explanation ?? error.map { "\($0)" } ?? "the registry has stopped"
            fail(id, LymphError(.lookupFailure, text, cause: error))
        }
        return services.askAgain(service)
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
