internal import ZeroMQ

/// The caller's side: requests go out, answers come in.
extension Poller {
    /// Sends a request and waits for its answer, whatever kind it is.
    ///
    /// The request is queued before the first suspension of a caller that is on the poller, and in the order of
    /// arrival for all others.
    ///
    /// - Throws: ``LymphError``, or `CancellationError` as soon as the task is cancelled.
    package func call(_ request: OutgoingRequest) async throws -> Message {
        let id = ids.next()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // Nothing else runs here between the check and the insertion: a cancellation is seen by the one, or
                // comes after the other, where `cancel` finds the call.
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    begin(Call(id: id, request: request, continuation: continuation))
                }
            }
        } onCancel: {
            submit { $0.cancel(id) }
        }
    }

    private func begin(_ call: Call) {
        if case .closed(let error) = state {
            return end(call, throwing: call.stopped(error))
        }
        pending.insert(call, id: call.id, deadline: call.request.deadline)
        dispatch(call.id)
        scheduleDeadline()
    }

    private func cancel(_ id: UInt128) {
        guard let call = pending.take(id) else { return }
        end(call, throwing: CancellationError())
    }

    /// Ends a call that is no longer in the table.
    func end(_ call: Call, throwing error: any Error) {
        statistics.call((error as? LymphError)?.code.description ?? "cancelled")
        call.continuation.resume(throwing: error)
    }

    private func fail(_ id: UInt128, _ error: LymphError) {
        guard let call = pending.take(id) else { return }
        end(call, throwing: error)
    }

    // MARK: Towards the peer

    /// Takes a call as far as it can go now.
    func dispatch(_ id: UInt128) {
        guard case .open = state, let call = pending[id] else { return }
        switch call.request.target {
        case .endpoint(let endpoint):
            send(call, to: endpoint, version: nil)
        case .service(let name, let version):
            switch services.find(name, version: version, for: id) {
            case .instance(let instance):
                // `lymph` methods have no version that a Python peer would find.
                let isBuiltin = call.request.method.hasPrefix("lymph.")
                send(call, to: instance.endpoint, version: isBuiltin ? nil : instance.version)
            case .lookUp:
                pending.update(id) { $0.phase = .lookingUp(name) }
                lookupRequests.yield(name)
            case .wait:
                pending.update(id) { $0.phase = .lookingUp(name) }
            case .none(let why):
                fail(id, LymphError(.notConnected, "\(call.request.method): \(why)"))
            }
        }
    }

    private func send(_ call: Call, to peer: Endpoint, version: Version?) {
        do {
            let request = call.request
            let headers = try Headers.request(
                version: version, trace: request.trace ?? TraceID(ids.next()), extra: request.headers)
            let message = Message(
                id: .number(call.id), kind: .request, about: .method(request.method), headers: headers,
                payload: .bytes(request.body))
            if outboxes.isEmpty(.dial(peer)), case .done = try sendNow(message, over: .dial(peer)) {
                pending.update(call.id) { $0.sent(to: peer) }
            } else {
                pending.update(call.id) {
                    $0.phase = .connecting(peer)
                    $0.message = message
                }
                outboxes.prune(.dial(peer)) { pending[$0] != nil }
                outboxes.append(.call(call.id), to: .dial(peer))
            }
        } catch let error as LymphError {
            fail(call.id, error)
        } catch {
            fail(call.id, LymphError(.invalidRequest, "\(call.request.method): \(error)", cause: error))
        }
    }

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
                guard case .done = try sendNow(message, over: route) else { return outboxes.blocked(route) }
                outboxes.removeFirst(route)
                if case .call(let id) = item { pending.update(id) { $0.sent(to: route.peer) } }
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

    func handleReply(_ message: Message, over route: Route) {
        guard case .request(.number(let id)) = message.about, let call = pending[id] else {
            return drop(.unknownReply, "nobody waits for an answer to \(message.subject)", from: route.peer)
        }
        guard call.sentTo == route.peer else {
            return drop(.wrongPeer, "an answer to \(message.subject) that another peer was asked for", from: route.peer)
        }
        _ = pending.take(id)
        statistics.call(message.kind.rawValue)
        call.continuation.resume(returning: message)
    }

    // MARK: Services

    /// The registry's list of a service's instances, for the first time or because it changed.
    func update(_ service: String, _ instances: [ServiceInstance]) {
        for id in services.update(service, instances) { dispatch(id) }
        scheduleDeadline()
    }

    /// The registry doesn't know a service, or no longer; the next call asks again.
    func lookupFailed(_ service: String, _ error: (any Error)?) {
        for id in services.remove(service) {
            let text = (error as? RegistryError)?.message ?? error.map { "\($0)" } ?? "the registry has stopped"
            fail(id, LymphError(.lookupFailure, text, cause: error))
        }
    }
}

extension Call {
    fileprivate mutating func sent(to peer: Endpoint) {
        phase = .sent(peer)
        message = nil
        // Nothing is sent twice: let go of the bytes.
        request.body = []
    }
}
