internal import Logging
internal import MessagePack
internal import ZeroMQ

/// Carries out what ``Peers`` decides, and reports to it what happens.
extension Poller {
    func perform(_ duty: PeerRecord.Duty, for peer: Endpoint, at now: Instant) {
        switch duty {
        case .letGo:
            for _ in peers.takeWaiting(for: peer) {
                drop(.undeliverable, "there has been no connection to the peer", from: peer)
            }
            transport.carryOut(.disconnect, on: peer)
        case .ping: ping(peer, at: now)
        case .reconnect: transport.carryOut(.reconnect, on: peer)
        case .avoid: avoid(peer, at: now)
        }
    }

    /// Sends a heartbeat, as Python lymph does. A Swift peer's poller answers it even while its methods are busy.
    func ping(_ peer: Endpoint, at now: Instant) {
        let id = ids.next()
        guard let headers = try? Headers.request(version: nil, trace: TraceID(id), extra: [:]) else { return }
        let message = Message(
            id: .number(id), kind: .request, purpose: .call(BuiltinInterface.Method.ping.subject), headers: headers,
            payload: .bytes(Self.pingBody))
        peers.introduce(peer, at: now)
        switch try? transport.send(message, over: .dial(peer)) {
        case .done: peers.ping(peer, id, at: now)
        case .wouldBlock: peers.block(peer, at: now)
        case nil: break
        }
    }

    /// `{payload: ""}`
    private static let pingBody: [UInt8] = [0x81, 0xa7] + Array("payload".utf8) + [0xa0]

    /// Sends a message if that is possible at once, and records what the attempt says about the peer.
    ///
    /// - Parameter now: Only evaluated for our own connections, to save answers on a return path the clock read.
    func transmit(
        _ message: Message, over route: Route, at now: @autoclosure () -> Instant
    ) throws(LymphError) -> Attempt {
        guard case .dial(let peer) = route else { return try transport.send(message, over: route) }
        let now = now()
        let isCall = message.kind == .request
        let isNew = isCall ? false : try peers.admitAnswer(to: peer, at: now)
        do throws(LymphError) {
            let attempt = try transport.send(message, over: route)
            if case .wouldBlock = attempt { peers.block(peer, isOurChoice: isCall, at: now) }
            return attempt
        } catch {
            if error.isOutOfDescriptors {
                peers.exhaust(error.cause, at: now)
                outOfDescriptors(error.message)
            }
            if isNew { peers.remove(peer) }
            throw error
        }
    }

    /// Warns, at most once a minute, that the process has run out of descriptors.
    func outOfDescriptors(_ consequence: String) {
        guard exhaustionReminder.claim(at: loop.now) else { return }
        logger.warning(
            "there are no descriptors left: the process may open \(Descriptors.limit) (ulimit -n), or \(Context.maxSockets) sockets",
            metadata: [LogKey.error: "\(consequence)"])
    }
}
