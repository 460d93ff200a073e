internal import Logging
internal import MessagePack
internal import ZeroMQ

/// Where a call goes.
extension Poller {
    /// Takes a call as far as it can go now, unless it has ended or was sent.
    func dispatch(_ id: UInt128) {
        if let call = pending[id], call.sentTo == nil { dispatch(call) }
    }

    func dispatch(_ call: Call) {
        guard case .open = state else { return }
        let id = call.id
        switch call.target {
        case .endpoint(let endpoint, let version):
            send(call, to: endpoint, version: isBuiltin(call) ? nil : version)
        case .service(let name, let version):
            switch services.find(name, version: version, for: id, waitsForReady: call.waitsForReady) {
            case .instances(let instances):
                if version == nil, services.takeMixed(name) { warnOfVersions(name) }
                send(call, toOneOf: instances)
            case .lookUp:
                wait(call, for: name)
                lookupRequests.yield(name)
            case .wait:
                wait(call, for: name)
            case .none(let why):
                fail(id, unreachable(call, why))
            }
        }
    }

    private func warnOfVersions(_ service: String) {
        let instances = services.candidates(for: service, version: nil)
        let versions = Set(instances.map { $0.version?.description ?? "none" }).sorted().prefix(5)
        logger.warning(
            "calls that name no version go to any version of this service: name one, or choose the newest (unversioned_calls)",
            metadata: [LogKey.service: "\(service)", LogKey.version: "\(versions.joined(separator: ", "))"])
    }

    /// `lymph` methods have no version that a Python peer would find.
    private func isBuiltin(_ call: Call) -> Bool { call.method.hasPrefix("lymph.") }

    private func wait(_ call: Call, for service: String) {
        call.phase = .lookingUp(service)
        services.prune(limit: 2 * pending.count + 64) { pending[$0] != nil }
    }

    private func unreachable(_ call: Call, _ why: String) -> LymphError {
        LymphError(.notConnected, "\(call.method): \(why)", execution: call.execution)
    }

    /// Whether a peer has been out of reach for so long that no call waits for it.
    private func isLost(_ peer: Endpoint) -> Bool {
        guard let since = peers[peer]?.connection.blockedSince else { return false }
        return .now - since >= Connection.connectTime
    }

    // MARK: Choosing an instance

    private func send(_ call: Call, toOneOf instances: [ServiceInstance]) {
        let now = Instant.now
        let isBuiltin = isBuiltin(call)
        guard let index = choose(from: instances, for: call, now: now) else {
            // They have all refused it: the next one has yet to appear.
            if call.waitsForReady, case .service(let name, _) = call.target {
                services.wait(call.id, for: name)
                return wait(call, for: name)
            }
            return fail(call.id, unreachable(call, "none of \(instances.count) instances can be reached"))
        }
        let first = instances[index]
        var next = isConnected(first.endpoint, at: now) ? index : connected(among: instances, for: call, now: now)
        // A peer that is new is connected to meanwhile, and another does the work.
        if next != nil, peers[first.endpoint] == nil { ping(first.endpoint, at: now) }
        while let ready = next {
            let instance = instances[ready]
            if trySend(call, to: instance.endpoint, version: isBuiltin ? nil : instance.version) { return }
            next = connected(among: instances, for: call, now: now)
        }
        send(call, to: first.endpoint, version: isBuiltin ? nil : first.version)
    }

    private func connected(among instances: [ServiceInstance], for call: Call, now: Instant) -> Int? {
        choose(from: instances, for: call, now: now) { isConnected($0, at: now) }
    }

    /// Chooses among instances that were not asked yet: the good ones; else those that are silent or sit out, since never is
    /// nobody better than somebody; else, if the call may wait, those that are out of reach.
    private func choose(from instances: [ServiceInstance], for call: Call, now: Instant) -> Int? {
        choose(from: instances, for: call, now: now) { peer in
            guard let known = peers[peer] else { return true }
            switch known.connection.state(at: now) {
            case .connecting, .unknown, .responsive: return !known.load.isSittingOut(at: now)
            case .unresponsive, .unreachable: return false
            }
        } ?? choose(from: instances, for: call, now: now) { peer in
            peers[peer]?.connection.state(at: now) != .unreachable
        }
            ?? choose(from: instances, for: call, now: now) { peer in
                call.waitsForReady || !isLost(peer)
            }
    }

    private func choose(
        from instances: [ServiceInstance], for call: Call, now: Instant, where fits: (Endpoint) -> Bool
    ) -> Int? {
        balancer.choose(of: instances.count) { index in
            let peer = instances[index].endpoint
            return !call.isAsked(peer) && fits(peer)
        } isBetter: { a, b in
            (peers[instances[a].endpoint]?.load ?? Load())
                .isBetter(than: peers[instances[b].endpoint]?.load ?? Load(), at: now)
        }
    }

    /// Whether a peer can be sent to now, and is worth it.
    private func isConnected(_ peer: Endpoint, at now: Instant) -> Bool {
        guard let known = peers[peer] else { return false }
        switch known.connection.state(at: now) {
        case .unknown, .responsive: return !known.load.isSittingOut(at: now)
        case .connecting, .unresponsive, .unreachable: return false
        }
    }

    // MARK: Sending

    /// Sends a call, or lets it wait for the connection.
    private func send(_ call: Call, to peer: Endpoint, version: Version?) {
        if outboxes.isEmpty(.dial(peer)), trySend(call, to: peer, version: version) { return }
        guard call.waitsForReady || !isLost(peer) else {
            return fail(call.id, unreachable(call, "there has been no connection to \(peer) for a while"))
        }
        guard pending[call.id] != nil, let message = message(of: call, version: version) else { return }
        // Perhaps so far it was only answered.
        _ = peers.use(peer, now: .now, isOurChoice: true)
        call.phase = .connecting(peer)
        call.message = message
        outboxes.prune(.dial(peer)) { pending[$0] != nil }
        outboxes.append(.call(call.id), to: .dial(peer))
    }

    /// Sends a call if that is possible at once.
    ///
    /// - Returns: Whether nothing else is to be done: the call was sent, or it has failed.
    private func trySend(_ call: Call, to peer: Endpoint, version: Version?) -> Bool {
        guard let message = message(of: call, version: version) else { return true }
        do throws(LymphError) {
            let now = Instant.now
            guard case .done = try sendNow(message, over: .dial(peer), at: now) else { return false }
            sent(call, to: peer, at: now)
        } catch {
            fail(call.id, error)
        }
        return true
    }

    /// The message of a call. If there can be none, the call fails.
    private func message(of call: Call, version: Version?) -> Message? {
        do {
            let headers = try Headers.request(
                version: version, trace: call.trace ?? TraceID(ids.next()), extra: call.headers)
            return Message(
                id: .number(call.id), kind: .request, about: .method(call.method), headers: headers,
                payload: .bytes(call.body))
        } catch {
            fail(call.id, LymphError(.invalidRequest, "\(call.method): \(error)", cause: error))
            return nil
        }
    }

    /// Notes that a call was sent.
    func sent(_ call: Call, to peer: Endpoint, at now: Instant) {
        call.sent(to: peer, at: now)
        peers.called(peer, at: now)
    }

    // MARK: Once more

    /// Sends a call to another instance, if there is one, the call is for a service, and the budget allows it.
    ///
    /// - Parameter outcome: What became of it where it was.
    /// - Returns: Whether the call goes on.
    func retry(_ id: UInt128, after outcome: Load.Outcome) -> Bool {
        guard let call = pending[id], let peer = call.sentTo, case .service(let name, let version) = call.target
        else { return false }
        let now = Instant.now
        if choose(from: services.candidates(for: name, version: version), for: call, now: now) != nil {
            guard retries.withdraw(now: now) else { return false }
        } else {
            // Others wait for the next instance.
            guard call.waitsForReady, case .draining = outcome else { return false }
        }
        peers.update(peer) { $0.load.end(outcome, at: now) }
        statistics.retry()
        call.tried.append(peer)
        // A peer that has refused it surely did not.
        if case .missing = outcome { call.mayHaveRun = true }
        call.phase = .lookingUp(name)
        dispatch(call)
        return true
    }
}

extension Call {
    fileprivate func sent(to peer: Endpoint, at now: Instant) {
        phase = .sent(peer)
        sentAt = now
        message = nil
        // A call to one peer is never sent twice: let go of the bytes.
        if case .endpoint = target { body = [] }
    }
}
