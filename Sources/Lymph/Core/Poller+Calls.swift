internal import Logging
internal import ZeroMQ

/// Carries out what ``Calls`` decides.
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
                call.wait(continuation)
                // A cancellation from now on has its turn on the loop after this.
                if loop.enter() {
                    beginHere(call)
                    return loop.leave()
                }
                submit { $0.begin(call) }
                // A cancellation in between has found no call. One that comes from now on finds it.
                if Task.isCancelled { submit { $0.cancel(call) } }
            }
        } onCancel: {
            submit { $0.cancel(call) }
        }
    }

    func begin(_ call: Call) {
        if case .idle = state { attach() }
        let now = loop.now
        carryOut(calls.begin(call, random: ids.next(), at: now, peers), at: now)
    }

    private func cancel(_ call: Call) {
        // Nothing is found before its beginning, and after its end.
        carryOut(calls.cancel(call.id), at: loop.now)
    }

    /// Takes a call as far as it can go now.
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
            case .queue(let request, let peer):
                return calls.queued(request, for: peer, peers.enqueueCall(request, to: peer, at: now))
            }
        }
    }

    /// Sends a request if nothing waits before it and the peer takes it.
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

    private func heed(_ notice: InstanceChoice.Notice, at now: Instant) {
        switch notice {
        case .introduce(let peer): ping(peer, at: now)
        case .mixedVersions(let service, let versions):
            logger.warning(
                "calls that name no version go to any version of this service: name one, or choose the newest (unversioned_calls)",
                metadata: [
                    LogKey.service: "\(service)", LogKey.version: "\(versions.prefix(5).joined(separator: ", "))",
                ])
        }
    }

    /// Ends a call that is no longer in the table.
    func finish(_ end: CallEnd, at now: Instant) {
        switch end.remains {
        case .nothing: break
        case .queued(let peer, let ticket): peers.withdraw(ticket, from: peer)
        case .sent(let peer, let outcome): peers.endCall(to: peer, outcome, at: now)
        }
        switch end.result {
        case .success(let answer): statistics.countCall(.answered(answer.kind))
        case .failure(let error): statistics.countCall((error as? LymphError).map { .failed($0.code) } ?? .cancelled)
        }
        end.call.resume(end.result)
    }

    // MARK: Answers

    func handleAnswer(_ answer: Message, from peer: Endpoint, at now: Instant) {
        guard case .answer(.number(let id)) = answer.purpose else { return dropUnknown(answer, from: peer) }
        switch calls.answered(id, answer, from: peer, at: now, peers) {
        case .unknown:
            if !peers.takePong(id, from: peer, at: now) { dropUnknown(answer, from: peer) }
        case .wrongPeer:
            drop(.wrongPeer, "an answer to \(answer.subject) that another peer was asked for", from: peer)
        case .none: break
        case .end(let end): finish(end, at: now)
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

    /// Finds other ways for what waits for a peer that is out of reach or silent.
    func avoid(_ peer: Endpoint, at now: Instant) {
        for request in peers.takeCalls(for: peer) { route(request.callID) }
        guard peers.outstanding(at: peer) > 0 else { return }
        let isGone = peers.isGone(peer, at: now)
        for id in calls.sent(to: peer) {
            switch calls.silent(id, isGone: isGone, at: now, peers) {
            case .end(let end): finish(end, at: now)
            case .retry(let retry): carryOut(retry, at: now)
            case .unknown, .wrongPeer, .none: break
            }
        }
    }

    // MARK: What waits for its route

    /// Sends what waits for a route, until that is empty or blocked again.
    func flush(_ route: Route) {
        while let message = peers.firstWaiting(for: route) {
            let now = loop.now
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

    /// The registry's list of a service's instances, for the first time or because it changed.
    func update(_ service: String, _ instances: [ServiceInstance]) {
        let now = loop.now
        let (waiting, new) = calls.update(service, instances)
        for instance in new where peers.state(of: instance.endpoint, at: now) == .unreachable {
            // Somebody new is where nobody was: don't wait for the next attempt of a connection that has given up for a while.
            transport.carryOut(.disconnect, on: instance.endpoint)
            peers.forgetHealth(of: instance.endpoint)
            ping(instance.endpoint, at: now)
        }
        for id in waiting { route(id) }
    }

    /// The registry doesn't know a service, or no longer; the next call asks again.
    ///
    /// - Returns: Whether calls are left that wait until somebody registers it.
    func lookupFailed(_ service: String, _ error: (any Error)?) -> Bool {
        let text = (error as? RegistryError)?.explanation ?? error.map { "\($0)" } ?? "the registry has stopped"
        let isUnknown = (error as? RegistryError)?.code == .lookupFailure
        let failure = calls.lookupFailed(
            service, LymphError(.lookupFailure, text, cause: error), mayCome: isUnknown)
        for end in failure.ends { finish(end, at: loop.now) }
        return failure.isWaitedFor
    }
}
