internal import Glibc
internal import ZeroMQ

/// A bound ROUTER, on which peers call us: the plain door, which looks like Python lymph's, or the encrypted one.
final class Door {
    /// Where callers find the door; with our key if it is the encrypted one.
    let endpoint: Endpoint

    private let kind: SocketConfiguration.Door
    private let router: Socket
    private let monitor: Monitor
    private let thread: PollThread
    private let intake: MessageIntake
    private let report: (TransportEvent) -> Void
    private var callers: Callers
    private var connections = IncomingConnections()
    private var returnPaths: ReturnPaths
    private var tokens: [PollSet.Token] = []

    /// How many messages one socket may deliver before the others get their turn.
    static let fairness = 256

    /// Binds the socket and starts to receive.
    ///
    /// - Parameter report: Told of each event, on the thread.
    init(
        _ kind: SocketConfiguration.Door, in context: Context, on thread: PollThread,
        _ configuration: SocketConfiguration, _ intake: MessageIntake, report: @escaping (TransportEvent) -> Void
    ) throws(ZMQError) {
        let router = try Socket(.router, in: context)
        do throws(ZMQError) {
            try configuration.apply(to: router, as: kind)
            monitor = try Monitor(
                of: router, in: context, name: kind.name, events: [.failedHandshakes, .incomingConnections])
        } catch {
            // An open socket would block the termination of the context.
            router.close()
            throw error
        }
        do throws(ZMQError) {
            endpoint = try configuration.bind(router, as: kind)
        } catch {
            monitor.close(watching: router)
            router.close()
            throw error
        }
        self.kind = kind
        self.router = router
        self.thread = thread
        self.intake = intake
        self.report = report
        callers = Callers(configuration.proof(at: kind))
        returnPaths = ReturnPaths(isEncrypted: kind == .encrypted)
        tokens = [
            thread.pollSet.add(router, for: .readable) { [unowned self] _ in drain() },
            thread.pollSet.add(monitor.socket, for: .readable) { [unowned self] _ in drainMonitor() },
        ]
    }

    /// Closes the socket. Messages already sent may take up to `linger` milliseconds to be delivered.
    func close(linger: Int32) {
        for token in tokens { thread.pollSet.remove(token) }
        monitor.close(watching: router)
        try? router.set(.linger, linger)
        router.close()
    }

    // MARK: Sending

    /// Sends a message to a caller if that is possible at once, or keeps it until ``flush()``.
    func send(_ message: Message, to peer: Endpoint) throws(ZMQError) -> Attempt {
        try returnPaths.send(message, to: peer, on: router)
    }

    /// Sends the messages that were kept.
    ///
    /// - Returns: The number of callers that did not accept everything.
    func flush() -> Int {
        guard !returnPaths.isEmpty else { return 0 }
        for event in returnPaths.flush(on: router) { report(event) }
        return returnPaths.count
    }

    // MARK: Receiving

    /// Reads what has arrived.
    func drain() {
        var left = Self.fairness
        while left > 0 {
            guard case .done? = try? router.receive(into: intake.frames) else { return }
            switch callers.sender(of: intake.frames, generation: connections.generation) {
            case .caller(let caller, let isFirst):
                left -= read(from: caller, isFirst: isFirst)
            case .refused(let endpoint, let refusal):
                left -= 1
                refuse(endpoint, refusal)
            case .malformed:
                left -= 1
                let identity = intake.frames.withUnsafeBytes(at: 0) {
                    String(decoding: $0.prefix(64), as: UTF8.self)
                }
                report(
                    .dropped(.source, "\(identity.debugDescription) is not an endpoint such as tcp://127.0.0.1:4100"))
            }
        }
    }

    private func read(from caller: Callers.Caller, isFirst: Bool) -> Int {
        let peer = caller.peer.endpoint
        let gone = isFirst ? attribute(to: peer) : nil
        if isFirst { returnPaths.welcome(peer, as: caller.identity) }
        let count = intake.read(from: 1, over: .back(peer), sender: caller.peer) { announcement in
            switch announcement {
            case .framed(let features): returnPaths.note(features.contains(.packed), of: peer, isNewcomer: true)
            case .packed(let features): returnPaths.note(features.contains(.packed), of: peer, isNewcomer: false)
            }
        } _: {
            report($0)
        }
        // After the message, which may be the last that is left of the peer's connection.
        if let gone { leave(gone) }
        return count
    }

    /// Finds out on which connection the received message came in.
    ///
    /// - Returns: The peer that has left, as this shows.
    private func attribute(to peer: Endpoint) -> Endpoint? {
        // libzmq reports the end of a connection before it closes the descriptor.
        drainMonitor()
        return intake.frames.descriptor(at: 1).flatMap { connections.attribute($0, to: peer) }
    }

    private func leave(_ peer: Endpoint) {
        returnPaths.forget(peer)
        report(.left(peer))
    }

    private func drainMonitor() {
        while let event = try? monitor.next() {
            switch event.kind {
            case .accepted: connections.begin(event.value).map { leave($0) }
            case .disconnected: connections.end(event.value).map { leave($0) }
            case .handshakeFailed:
                let what =
                    kind == .plain
                    ? "a peer that does not speak ZMTP, or encrypts,"
                    : "a peer that does not encrypt, or has not our key,"
                report(.dropped(.handshake, "\(what) connected to \(event.address)"))
            default: break
            }
        }
    }

    // MARK: Whom we admit

    /// Another policy applies from now on. The connections of those whom it doesn't admit are cut.
    func use(_ policy: AccessPolicy) {
        callers.use(policy)
        drainMonitor()
        guard case .encrypted = kind else { return }
        for (peer, descriptor) in connections.all {
            if let key = peer.key, !policy.trusts(key) { cut(descriptor) }
        }
    }

    private func refuse(_ peer: Endpoint, _ refusal: AccessPolicy.Denial) {
        report(.dropped(.unauthorized, "\(peer): \(refusal)"))
        drainMonitor()
        guard let descriptor = intake.frames.descriptor(at: 1), connections.isOwn(descriptor, of: peer) else { return }
        cut(descriptor)
    }

    /// Ends a connection. libzmq 4.3.4 has no function for it.
    private func cut(_ descriptor: Int32) { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
}
