internal import Logging
internal import ZeroMQ

/// Carries out what ``Calls`` decides.
extension Poller {
    /// Sends a request and returns its answer, whatever its kind.
    ///
    /// The request is submitted before the first suspension. The method is nonisolated, so the answer resumes the
    /// caller directly instead of hopping through the poller.
    ///
    /// - Throws: ``LymphError``, or `CancellationError` as soon as the task is cancelled.
    nonisolated func call(_ call: Call) async throws -> Message {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                call.wait(continuation)
                // On the loop, `cancel` cannot overtake: it is submitted, and runs after this.
                if loop.enter() {
                    Self.beginning(self, call)
                    return loop.leave()
                }
                submit { $0.begin(call) }
                // A cancellation submitted before `begin` found no call, so it is repeated. Later ones find it.
                if Task.isCancelled { submit { $0.cancel(call) } }
            }
        } onCancel: {
            submit { $0.cancel(call) }
        }
    }

    private static let beginning = IsolatedEntry<Poller, Call, Void> { $0.begin($1) }

    private func begin(_ call: Call) {
        if case .idle = state { attach() }
        let now = loop.now
        carryOut(calls.begin(call, random: ids.next(), at: now, peers), at: now)
    }

    private func cancel(_ call: Call) {
        // Does nothing before the call has begun and after it has ended: its id is not in the table.
        carryOut(calls.cancel(call.id), at: loop.now)
    }

    /// Takes a call as far as possible now.
    func route(_ id: UInt128) {
        let now = loop.now
        carryOut(calls.route(id, at: now, peers), at: now)
    }

    private func carryOut(_ step: Calls.Step, at now: Instant) {
        var step = step
        while true {
            for notice in calls.takeNotices() { heed(notice, at: now) }
            switch step {
            case .wait: return
            case .lookUp(let service): return _ = lookupRequests.yield(service)
            case .end(let end): return finish(end, at: now)
            case .send(let request, let peer):
                do throws(LymphError) {
                    if try sendAtOnce(request, to: peer, at: now) { return }
                    step = calls.blocked(request, by: peer, at: now, peers)
                } catch {
                    step = calls.fail(request, error)
                }
            case .hedge(let request, let peer): return hedge(request, by: peer, at: now)
            case .queue(let request, let peer):
                return calls.queued(request, for: peer, peers.enqueueCall(request, to: peer, at: now))
            }
        }
    }

    /// Sends a request if nothing is queued ahead of it and the connection accepts it.
    private func sendAtOnce(_ request: Message, to peer: Endpoint, at now: Instant) throws(LymphError) -> Bool {
        guard peers.isFree(.dial(peer)), case .done = try transmit(request, over: .dial(peer), at: now) else {
            return false
        }
        sent(request, to: peer, at: now)
        return true
    }

    private func sent(_ request: Message, to peer: Endpoint, at now: Instant) {
        calls.sent(request, to: peer, at: now)
        peers.beginCall(to: peer, at: now)
    }

    /// Sends calls whose instances are slow to a second one.
    func hedgeSlowCalls(at now: Instant) {
        while let step = calls.takeHedge(at: now, peers) { carryOut(step, at: now) }
    }

    private func hedge(_ request: Message, by peer: Endpoint, at now: Instant) {
        guard peers.isFree(.dial(peer)), case .done? = try? transmit(request, over: .dial(peer), at: now) else {
            return
        }
        calls.hedged(request, by: peer, at: now)
        peers.beginCall(to: peer, at: now)
        statistics.countHedge()
    }

    private func heed(_ notice: InstanceChoice.Notice, at now: Instant) {
        switch notice {
        case .introduce(let peer): ping(peer, at: now)
        case .inspect(let peer):
            if peers.needIdempotentMethods(of: peer, at: now) { inspectionRequests.yield(peer) }
        case .mixedVersions(let service, let versions):
            logger.warning(
                "calls that name no version go to any version of this service: name one, or choose the newest (unversioned_calls)",
                metadata: [
                    LogKey.service: "\(service)", LogKey.version: "\(versions.prefix(5).joined(separator: ", "))",
                ])
        }
    }

    /// Ends a call that has already left the table.
    func finish(_ end: CallEnd, at now: Instant) {
        switch end.remains {
        case .nothing: break
        case .queued(let peer, let ticket): peers.withdraw(ticket, from: peer)
        case .sent(let peer, let outcome): peers.endCall(to: peer, outcome, at: now)
        }
        if let (peer, outcome) = end.hedge { peers.endCall(to: peer, outcome, at: now) }
        switch end.result {
        case .success(let answer): statistics.countCall(.answered(answer.kind))
        case .failure(let error): statistics.countCall((error as? LymphError).map { .failed($0.code) } ?? .cancelled)
        }
        cancelWork(for: end, at: now)
        end.call.resume(end.result)
    }

    /// Ends all calls, and every later one at once.
    func stopCalls(because error: LymphError) {
        let now = loop.now
        for end in calls.stop(error) { finish(end, at: now) }
    }

    // MARK: Answers

    func handleAnswer(_ answer: Message, from peer: Endpoint, at now: Instant) {
        guard case .answer(.number(let id)) = answer.purpose else { return dropUnknown(answer, from: peer) }
        switch calls.answered(id, answer, from: peer, at: now, peers) {
        case .unknown:
            guard let pong = peers.takePong(id, answer.headers.age, from: peer, at: now) else {
                return dropUnknown(answer, from: peer)
            }
            if let lost = pong.lost { giveUpCalls(to: peer, sentBefore: lost, isGone: true, at: now) }
        case .wrongPeer:
            drop(.wrongPeer, "an answer to \(answer.subject) that another peer was asked for", from: peer)
        case .none: break
        case .end(let end): finish(end, at: now)
        case .goOn(let peer, let outcome): peers.endCall(to: peer, outcome, at: now)
        case .retry(let retry): carryOut(retry, at: now)
        }
    }

    private func dropUnknown(_ answer: Message, from peer: Endpoint) {
        drop(.unknownReply, "nobody waits for an answer to \(answer.subject)", from: peer)
    }

    private func carryOut(_ retry: Calls.Retry, at now: Instant) {
        peers.endCall(to: retry.peer, retry.outcome, at: now)
        statistics.countRetry()
        carryOut(retry.next, at: now)
    }

    /// Handles a peer that is unreachable, unresponsive or gone: reroutes the calls queued for it, and retries or fails the
    /// ones in flight where possible.
    func avoid(_ peer: Endpoint, at now: Instant) {
        for request in peers.takeCalls(for: peer) { route(request.callID) }
        giveUpCalls(to: peer, isGone: peers.isGone(peer, at: now), at: now)
    }

    /// Retries the calls in flight to a peer where possible.
    ///
    /// - Parameters:
    ///   - time: Only calls that were sent before this time; nil for all.
    ///   - isGone: Whether nobody will answer them any more, so that the others fail.
    private func giveUpCalls(to peer: Endpoint, sentBefore time: Instant? = nil, isGone: Bool, at now: Instant) {
        guard peers.outstanding(at: peer) > 0 else { return }
        for id in calls.sent(to: peer, before: time) {
            switch calls.silent(id, at: peer, isGone: isGone, at: now, peers) {
            case .end(let end): finish(end, at: now)
            case .goOn(let peer, let outcome): peers.endCall(to: peer, outcome, at: now)
            case .retry(let retry): carryOut(retry, at: now)
            case .unknown, .wrongPeer, .none: break
            }
        }
    }

    // MARK: What waits for its route

    /// Sends the messages queued for a route until none is left or the route blocks again.
    func flush(_ route: Route) {
        while var message = peers.firstWaiting(for: route) {
            let now = loop.now
            if message.kind == .request { message = calls.refresh(message, at: now) }
            do throws(LymphError) {
                guard case .done = try transmit(message, over: route, at: now) else {
                    return peers.block(route, at: now)
                }
                peers.removeFirstWaiting(for: route)
                if message.kind == .request { sent(message, to: route.peer, at: now) }
            } catch {
                peers.removeFirstWaiting(for: route)
                if message.kind == .request {
                    carryOut(calls.fail(message, error), at: now)
                } else {
                    undeliverable(message, over: route, error)
                }
            }
        }
    }

    // MARK: Services

    /// Takes the registry's list of a service's instances, the first one or a change.
    func update(_ service: String, _ instances: [ServiceInstance]) {
        let now = loop.now
        let (waiting, new) = calls.update(service, instances)
        for instance in new where peers.state(of: instance.endpoint, at: now) == .unreachable {
            // A new instance at an unreachable endpoint: connect afresh instead of waiting out the reconnect interval.
            transport.carryOut(.disconnect, on: instance.endpoint)
            peers.forgetHealth(of: instance.endpoint)
            ping(instance.endpoint, at: now)
        }
        for id in waiting { route(id) }
        if !new.isEmpty { peers.reconsider(at: now) }
    }

    /// Other services have had their time to start.
    func endStartup() {
        let now = loop.now
        for end in calls.endStartup() { finish(end, at: now) }
    }

    /// The registry doesn't know a service, or the lookup failed. The next call asks again.
    ///
    /// - Returns: Whether calls remain that wait for the service to be registered.
    func lookupFailed(_ service: String, _ error: (any Error)?) -> Bool {
        let text = (error as? RegistryError)?.explanation ?? error.map { "\($0)" } ?? "the registry has stopped"
        let isUnknown = (error as? RegistryError)?.code == .lookupFailure
        let failure = calls.lookupFailed(
            service, LymphError(.lookupFailure, text, cause: error), mayCome: isUnknown)
        for end in failure.ends { finish(end, at: loop.now) }
        return failure.isWaitedFor
    }
}
