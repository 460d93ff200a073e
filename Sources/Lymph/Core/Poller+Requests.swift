internal import Logging
internal import MessagePack
internal import ZeroMQ

/// Carries out what ``Requests`` decides, and sends answers.
extension Poller {
    func handleRequest(_ request: Message, over route: Route, at now: Instant) {
        guard case .back(let peer) = route else {
            return drop(.unexpectedRequest, "a request on a connection that is for answers", from: route.peer)
        }
        var address = ReplyAddress(of: request, from: peer, trace: TraceID(ids.next()), at: now)
        let subject = request.subject
        if let method = BuiltinInterface.method(of: subject) {
            return handleBuiltin(method, request, address)
        }
        switch requests.admit(subject, version: request.headers.version, from: request.sender) {
        case .accepted(let handler, let version):
            address.version = .interface(version)
            if let deadline = address.deadline, deadline <= now { return refuse(subject, address, .expired) }
            follow(requests.begin(handler, request, from: address, self))
        case .refused(let refusal, let version):
            address.version = .interface(version)
            refuse(subject, address, refusal)
        case .unknown(let refusal):
            refuse(subject, address, refusal)
        }
    }

    // MARK: Answers

    /// Sends a method's answer, unless the method has sent it itself through its ``ReplyChannel``.
    ///
    /// - Parameter headers: The method's own headers, encoded.
    func send(
        _ answer: Answer, to request: Message, _ address: ReplyAddress, headers: [String: [UInt8]] = [:]
    ) {
        switch answer {
        case .reply(let body): self.answer(address, .reply, .bytes(body), headers: headers)
        case .error(let error): self.answer(address, .error, .bytes(error.body), headers: headers)
        case .nack(let refusal): refuse(request.subject, address, refusal, headers: headers)
        case .channel: break
        }
    }

    /// Sends an answer.
    func answer(
        _ address: ReplyAddress, _ kind: MessageKind, _ body: Payload, reason: NackReason? = nil,
        detail: String? = nil, headers extra: [String: [UInt8]] = [:]
    ) {
        // A NACK has no body, so it passes even if the limit is tiny.
        guard body.count <= configuration.maxMessageBytes - 4096 || kind == .nack else {
            log(.tooLarge, [LogKey.error: "\(body.count) bytes; the limit is \(configuration.maxMessageBytes)"])
            return answer(address, .nack, .nil, reason: .failed)
        }
        statistics.countRequest(RequestOutcome(kind, reason: reason))
        let isSame = if case .back = address.route { true } else { false }
        let headers = Headers.answer(
            version: address.version, trace: address.trace, reason: reason, detail: detail,
            age: address.tellsAge ? AgeHeader(of: opening, at: loop.now) : nil, isSameConnection: isSame, extra: extra)
        deliver(
            Message(
                id: .number(ids.next()), kind: kind, purpose: .answer(address.id), headers: headers, payload: body),
            over: address.route)
    }

    private func deliver(_ answer: Message, over route: Route) {
        guard case .open = state else { return }
        do throws(LymphError) {
            if peers.isFree(route), case .done = try transmit(answer, over: route, at: loop.now) { return }
            if !peers.enqueue(answer, for: route, at: loop.now) {
                drop(.undeliverable, "too many answers wait to be sent", from: route.peer)
            }
        } catch {
            undeliverable(answer, over: route, error)
        }
    }

    /// An answer could not be sent on its route. If that was a return path, its connection may be gone while the peer
    /// can still be dialled.
    func undeliverable(_ answer: Message, over route: Route, _ error: LymphError) {
        if case .back(let peer) = route, peer.key == nil {
            deliver(answer, over: .dial(peer))
        } else {
            // The cause was logged already, and would be repeated for every answer.
            if error.isOutOfDescriptors { return statistics.countDrop(.undeliverable) }
            drop(.undeliverable, error.message, from: route.peer)
        }
    }

    func refuse(
        _ subject: String, _ address: ReplyAddress, _ refusal: Refusal, headers: [String: [UInt8]] = [:]
    ) {
        logFailure(subject, refusal, address.trace)
        answer(address, .nack, .nil, reason: refusal.reason, detail: refusal.detail, headers: headers)
    }

    /// Refuses a request that could not be decoded.
    func refuse(_ id: MessageID, from peer: Endpoint, _ why: String) {
        answer(
            ReplyAddress(id: id, peer: peer, trace: TraceID(ids.next())), .nack, .nil, reason: .rejected,
            detail: why.shortened)
    }

    // MARK: Serving and draining

    /// Accepts requests from now on.
    func serve(_ router: Router, identity: String) {
        self.identity = identity
        requests.serve(router)
    }

    /// Refuses requests from now on.
    func drain() { requests.drain() }

    /// Releases the interfaces, which retain the client and so this poller.
    func releaseInterfaces() {
        let (idle, unanswered) = requests.stop()
        for worker in idle { worker.resume(returning: .end) }
        for request in unanswered {
            refuse(
                request.subject, request.address, Refusal(.failed, log: "the service has stopped before it answered"))
        }
    }
}

extension Poller: Responder {
    nonisolated var time: any TimeSource { loop }

    nonisolated func send(
        _ kind: MessageKind, _ body: [UInt8], reason: NackReason?, detail: String?, headers: [String: [UInt8]],
        over channel: OpenChannel
    ) {
        submit {
            guard $0.requests.answer(over: channel) else { return }
            $0.answer(channel.address, kind, .bytes(body), reason: reason, detail: detail, headers: headers)
        }
    }

    nonisolated func report(_ refusal: Refusal, of subject: String, to address: ReplyAddress) {
        submit { $0.logFailure(subject, refusal, address.trace) }
    }
}
