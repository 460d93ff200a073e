internal import Logging
internal import ZeroMQ

/// Ends requests that nobody waits for any more, and tells services of calls that have ended.
///
/// The task of the method is cancelled, and what it returns is not sent. Other requests are not affected.
extension Poller {
    // MARK: Requests of peers

    /// Ends the requests whose deadline has passed. Those whose method has not begun are refused.
    func expireRequests(at now: Instant) {
        while let request = requests.takeExpired(now: now) {
            if request.hasBegun {
                noteEnd(of: request, .deadline)
            } else {
                refuse(request.subject, request.address, .expired)
            }
            cancelTask(of: request)
        }
    }

    /// A peer waits no longer for the answer to its request. One that is not there was answered already.
    func handleCancellation(_ message: Message, over route: Route) {
        guard case .back(let peer) = route, case .cancellation(let id) = message.purpose else {
            return drop(.unexpectedRequest, "a cancellation on a connection that is for answers", from: route.peer)
        }
        guard let request = requests.cancel(id, from: peer) else { return }
        noteEnd(of: request, .caller)
        cancelTask(of: request)
    }

    /// Ends the requests of a caller that is gone.
    func cancelRequests(of caller: Endpoint) {
        for request in requests.cancelAll(of: caller) {
            noteEnd(of: request, .disconnected)
            cancelTask(of: request)
        }
    }

    private func cancelTask(of request: RequestTable.Abandoned) {
        if let worker = request.worker { workerTasks[worker]?.cancel() }
    }

    private func noteEnd(of request: RequestTable.Abandoned, _ reason: CancellationReason) {
        statistics.countCancellation(reason)
        logger.debug(
            "a request was cancelled",
            metadata: [
                LogKey.method: "\(request.subject)", LogKey.peer: "\(request.address.route.peer)",
                LogKey.traceID: "\(request.address.trace.text)", LogKey.reason: "\(reason.rawValue)",
            ])
    }

    // MARK: Calls of ours

    /// Tells the peers that may be working for a call that has ended, if they can read that.
    func cancelWork(for end: CallEnd, at now: Instant) {
        for peer in end.workers {
            switch peers.abandon(end.call.id, at: peer) {
            case .none: break
            case .send: sendCancellation(of: end.call.id, to: peer)
            case .ask: ping(peer, at: now)
            }
        }
    }

    /// Ends all calls, and every later one at once, and tells the peers that work for them.
    ///
    /// A peer that has said nothing yet is asked first whether it can be told. Somebody may be waiting for the end, so
    /// that gets just the time of a few round trips.
    func endCalls(because error: LymphError) async {
        stopCalls(because: error)
        let limit = loop.now + .milliseconds(200)
        while peers.oweSignsOfLife, loop.now < limit {
            guard (try? await loop.sleep(for: .milliseconds(2))) != nil else { return }
        }
    }

    /// What a message says about the protocol extensions of its sender; nil if it says nothing. A packed frame doesn't list
    /// them; only on our own connection is it known that an earlier one has.
    func announced(by message: Message, over route: Route) -> Features? {
        // Nobody else is behind an encrypted door.
        if route.peer.key != nil { return .ours }
        let features = message.headers.features
        if case .back = route, features == .packing { return nil }
        return features
    }

    /// A notice that can't be sent at once is dropped: the deadline ends the work, too.
    func sendCancellation(of call: UInt128, to peer: Endpoint) {
        let notice = Message(
            id: .number(ids.next()), kind: .cancel, purpose: .cancellation(.number(call)), headers: .cancellation,
            payload: .bytes([]))
        _ = try? transport.send(notice, over: .dial(peer))
    }
}
