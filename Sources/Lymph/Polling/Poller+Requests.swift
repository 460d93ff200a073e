internal import Logging
internal import MessagePack
internal import ZeroMQ

/// The service's side: requests come in, answers go out.
extension Poller {
    func handleRequest(_ request: Message, over route: Route) {
        guard case .back(let peer) = route else {
            return drop(.unexpectedRequest, "a request on a connection that is for answers", from: route.peer)
        }
        var address = ReplyAddress(of: request, from: peer, trace: TraceID(ids.next()))
        let subject = request.subject
        if let method = BuiltinInterface.method(of: subject) {
            return answerBuiltin(method, request, address)
        }
        switch server.router.find(subject, version: request.headers.version) {
        case .none(let why):
            refuse(subject, address, .rejected(why))
        case .handler(let handler, let version):
            address.version = .some(version)
            if case .draining = server.phase {
                refuse(subject, address, Refusal(.draining, "the service is stopping"))
            } else if runningRequests >= configuration.maxConcurrentRequests {
                refuse(subject, address, Refusal(.overloaded, "\(runningRequests) requests are running"))
            } else {
                run(Work(handler, ServerRequest(message: request, address: address, poller: self)))
            }
        }
    }

    /// A reply channel is gone and was never used.
    func abandoned(_ address: ReplyAddress, _ subject: String) {
        refuse(
            subject, address, Refusal(.failed, "the method gave no answer and did not keep its reply channel"))
    }

    // MARK: Answers

    /// Sends an answer.
    func answer(
        _ address: ReplyAddress, _ kind: MessageKind, _ body: Payload, reason: NackReason? = nil,
        detail: String? = nil, headers extra: [String: [UInt8]] = [:]
    ) {
        // A NACK has no body that could be too large, whatever the limit is.
        guard body.count <= configuration.maxMessageBytes - 4096 || kind == .nack else {
            log(.tooLarge, [LogKey.error: "\(body.count) bytes; the limit is \(configuration.maxMessageBytes)"])
            return answer(address, .nack, .nil, reason: .failed)
        }
        if let reason { statistics.nack(reason) } else { statistics.request(kind.rawValue) }
        let isSame = if case .back = address.route { true } else { false }
        let headers = Headers.answer(
            version: address.version, trace: address.trace, reason: reason, detail: detail, isSameConnection: isSame,
            extra: extra)
        deliver(
            Message(
                id: .number(ids.next()), kind: kind, about: .request(address.id), headers: headers, payload: body),
            over: address.route)
    }

    private func deliver(_ answer: Message, over route: Route) {
        guard case .open = state else { return }
        do throws(LymphError) {
            if outboxes.isEmpty(route), case .done = try sendNow(answer, over: route, at: .now) { return }
            if !outboxes.append(.answer(answer), to: route) {
                drop(.undeliverable, "too many answers wait to be sent", from: route.peer)
            }
        } catch {
            undeliverable(answer, over: route, error)
        }
    }

    /// An answer could not be sent on its route. The way back may be gone while its peer can still be dialled.
    func undeliverable(_ answer: Message, over route: Route, _ error: LymphError) {
        if case .back(let peer) = route {
            deliver(answer, over: .dial(peer))
        } else {
            // Why has been said, and it would be said of every answer.
            if error.isOutOfDescriptors { return statistics.drop(.undeliverable) }
            drop(.undeliverable, error.message, from: route.peer)
        }
    }

    /// Sends a message if that is possible at once. Dialling a new peer is subject to the limit of their number.
    func sendNow(
        _ message: Message, over route: Route, at now: @autoclosure () -> Instant
    ) throws(LymphError) -> Attempt {
        if case .dial(let peer) = route {
            let now = now()
            let isCall = message.kind == .request
            let isNewStranger = !isCall && peers[peer] == nil
            if isNewStranger { try requireDescriptors(for: peer, at: now) }
            guard isCall || peers.use(peer, now: now) else {
                throw LymphError(
                    .notConnected, "can't connect to \(peer): there are connections to \(peers.count) peers already")
            }
            let attempt: Attempt
            do throws(LymphError) {
                attempt = try transmit(message, over: route)
            } catch {
                if isNewStranger { peers.remove(peer) }
                throw error
            }
            if case .wouldBlock = attempt {
                // A call that was sent is noted with all else that is noted of it.
                if isCall { _ = peers.use(peer, now: now, isOurChoice: true) }
                peers.blocked(peer, now: now)
            }
            return attempt
        }
        return try transport.send(message, over: route)
    }

    /// To find that there are none takes a look at each number that there is, so it is not done for every stranger.
    private func requireDescriptors(for peer: Endpoint, at now: Instant) throws(LymphError) {
        guard let exhaustion, now < exhaustion.end else { return }
        throw LymphError(
            .notConnected, "can't connect to \(peer): there was no descriptor left", cause: exhaustion.cause)
    }

    private func transmit(_ message: Message, over route: Route) throws(LymphError) -> Attempt {
        do throws(LymphError) {
            return try transport.send(message, over: route)
        } catch {
            if error.isOutOfDescriptors {
                exhaustion = (.now + .milliseconds(100), error.cause)
                outOfDescriptors(error.message)
            }
            throw error
        }
    }

    /// Says, once in a while, that the process can't open any more.
    func outOfDescriptors(_ consequence: String) {
        guard exhaustionReminder.isWorthSaying(at: .now) else { return }
        logger.warning(
            "there is no descriptor left: the process may open \(Descriptors.limit) (ulimit -n), or \(Context.maxSockets) sockets",
            metadata: [LogKey.error: "\(consequence)"])
    }

    func refuse(_ subject: String, _ address: ReplyAddress, _ refusal: Refusal) {
        logFailure(subject, refusal, address.trace)
        answer(address, .nack, .nil, reason: refusal.reason, detail: refusal.detail)
    }

    /// Refuses a request that can't even be read.
    func refuse(_ id: MessageID, from peer: Endpoint, _ why: String) {
        answer(
            ReplyAddress(id: id, peer: peer, trace: TraceID(ids.next())), .nack, .nil, reason: .rejected,
            detail: why.shortened)
    }

    // MARK: Serving and draining

    /// Begins to take requests.
    func serve(_ router: Router, identity: String) {
        server.router = router
        server.identity = identity
        server.phase = .serving
    }

    /// Refuses requests from now on.
    func drain() { server.phase = .draining }
}
