internal import ZeroMQ

/// The transport over ØMQ: one or two bound ROUTERs that receive (``Door``), and one DEALER for each dialled peer.
///
/// On the wire this looks like the two ROUTERs of Python lymph. The ``Dealer`` adds what they lack: it knows when the
/// connection is up, it drops nothing silently, and no peer can take over the route to another.
final class ZeroMQTransport: MessageTransport {
    private let thread: PollThread
    private let configuration: SocketConfiguration
    private let intake: MessageIntake
    private var opened: Opened?
    private var dealers: [Endpoint: Dealer] = [:]
    // The peers whose connection is gone and was not restored yet.
    private var lost: Set<Endpoint> = []
    private lazy var probes = ConnectionProbes(on: thread) { [unowned self] in peerIsGone($0) }
    private var lastNumber = 0
    // The dealers with packed messages to send before the thread waits.
    private var unsent: [Dealer] = []
    private var handler: (TransportEvent) -> Void = { _ in }

    // A class, because it is accessed for every message.
    private final class Opened {
        let context: Context
        let gatekeeper: Gatekeeper?
        fileprivate(set) var plain: Door?
        fileprivate(set) var encrypted: Door?

        init(_ context: Context, _ gatekeeper: Gatekeeper?) {
            self.context = context
            self.gatekeeper = gatekeeper
        }

        var doors: [Door] { [plain, encrypted].compactMap(\.self) }

        /// The address that we announce to peers, if we have one for those that don't encrypt.
        var endpoint: Endpoint? { plain?.endpoint ?? encrypted?.endpoint }

        /// Closes everything: an open socket would block the termination of the context.
        func close(linger: Int32) {
            for door in doors { door.close(linger: linger) }
            gatekeeper?.close()
            context.terminate()
        }
    }

    init(thread: PollThread, configuration: SocketConfiguration) {
        self.thread = thread
        self.configuration = configuration
        intake = MessageIntake(maxMessageBytes: configuration.maxMessageBytes)
    }

    // MARK: Opening and closing

    func open(_ handler: @escaping (TransportEvent) -> Void) throws(LymphError) -> TransportOpening {
        do throws(ZMQError) {
            try thread.requireDescriptors()
            let opened = Opened(
                try Context(ioThreads: configuration.ioThreads),
                configuration.security.map { Gatekeeper($0.policy, onRefusal: refusalReport(handler)) })
            do throws(ZMQError) {
                // Before the doors, so that it is asked about every connection.
                try opened.gatekeeper?.open(in: opened.context)
                for kind in configuration.doors {
                    let door = try Door(
                        kind, in: opened.context, on: thread, configuration, intake, report: handler)
                    if case .plain = kind { opened.plain = door } else { opened.encrypted = door }
                }
            } catch {
                opened.close(linger: 0)
                throw error
            }
            self.opened = opened
            self.handler = handler
            guard let endpoint = opened.endpoint else { preconditionFailure("there is always a door") }
            return TransportOpening(
                endpoint: endpoint, encrypted: opened.encrypted?.endpoint,
                peerLimit: PeerLimit(descriptors: Descriptors.limit, sockets: Context.maxSockets))
        } catch {
            throw LymphError(.bindFailure, "can't listen on \(configuration.address): \(error)", cause: error)
        }
    }

    /// Takes the gatekeeper's reports to our thread.
    private func refusalReport(_ handler: @escaping (TransportEvent) -> Void) -> @Sendable (String) -> Void {
        struct Handler: @unchecked Sendable {  // It is only called on our thread.
            let call: (TransportEvent) -> Void
        }
        let report = Handler(call: handler)
        return { [weak thread] text in
            thread?.execute { report.call(.dropped(.unauthorized, text)) }
        }
    }

    func close(grace: Duration) {
        guard let opened else { return }
        flush()
        self.opened = nil
        // The handler retains the poller.
        handler = { _ in }
        let linger = Int32(
            clamping: grace.components.seconds * 1000 + grace.components.attoseconds / 1_000_000_000_000_000)
        for peer in dealers.keys { closeDealer(peer, linger: linger) }
        probes.removeAll()
        opened.close(linger: linger)
    }

    func use(_ policy: AccessPolicy) {
        guard let opened else { return }
        // First, or a connection that is cut could come back.
        opened.gatekeeper?.use(policy)
        for door in opened.doors { door.use(policy) }
    }

    func carryOut(_ order: ConnectionOrder, on peer: Endpoint) {
        switch order {
        case .disconnect: closeDealer(peer, linger: 0)
        case .reconnect:
            guard let opened, lost.contains(peer) else { return }
            // If there is no socket left, the next order tries again.
            if (try? dial(peer, from: opened)) != nil { lost.remove(peer) }
        }
    }

    private func closeDealer(_ peer: Endpoint, linger: Int32) {
        lost.remove(peer)
        probes.remove(peer)
        dealers.removeValue(forKey: peer)?.close(linger: linger)
    }

    // MARK: Sending

    func send(_ message: Message, over route: Route) throws(LymphError) -> Attempt {
        guard let opened else { throw LymphError(.stopped, "the transport is closed") }
        do throws(ZMQError) {
            switch route {
            case .back(let peer):
                guard let door = peer.key == nil ? opened.plain : opened.encrypted else { return .wouldBlock }
                return try door.send(message, to: peer)
            case .dial(let peer):
                return try send(message, dialling: peer, from: opened)
            }
        } catch {
            throw LymphError(.notConnected, "can't send to \(route.peer): \(error)", cause: error)
        }
    }

    private func send(_ message: Message, dialling peer: Endpoint, from opened: Opened) throws(ZMQError) -> Attempt {
        if let dealer = dealers[peer] {
            let isListed = dealer.isUnsent
            let attempt = try dealer.send(message)
            if !isListed, dealer.isUnsent { unsent.append(dealer) }
            return attempt
        }
        return lost.contains(peer) ? .wouldBlock : try dial(peer, from: opened).send(message)
    }

    @discardableResult
    func flush() -> Int {
        for dealer in unsent { _ = try? dealer.flush() }
        unsent.removeAll(keepingCapacity: true)
        guard let opened else { return 0 }
        return (opened.plain?.flush() ?? 0) + (opened.encrypted?.flush() ?? 0)
    }

    // MARK: Outgoing connections

    private func dial(_ peer: Endpoint, from opened: Opened) throws(ZMQError) -> Dealer {
        lastNumber += 1
        guard let endpoint = opened.endpoint else { preconditionFailure("there is always a door") }
        let dealer = try Dealer(
            to: peer, as: endpoint, number: lastNumber, in: opened.context, on: thread, configuration
        ) { [unowned self] event in
            switch event {
            case .readable: drainDealer(peer, atMost: Door.fairness)
            case .writable:
                probes.remove(peer)
                handler(.writable(peer))
            case .failed: probes.probe(peer)
            case .refused: weAreRefused(by: peer)
            case .disconnected: connectionIsGone(peer)
            }
        }
        dealers[peer] = dealer
        return dealer
    }

    private func connectionIsGone(_ peer: Endpoint) {
        // Messages received before the end can still be read.
        drainDealer(peer, atMost: .max)
        guard dealers[peer] != nil else { return }
        closeDealer(peer, linger: 0)
        lost.insert(peer)
        probes.add(peer)
        handler(.disconnected(peer))
    }

    private func peerIsGone(_ peer: Endpoint) {
        // Python lymph answers on a connection of its own. What arrived on it before its end still counts.
        opened?.plain?.drain()
        handler(.refused(peer))
    }

    private func weAreRefused(by peer: Endpoint) {
        closeDealer(peer, linger: 0)
        lost.insert(peer)
        handler(.unauthorized(peer))
    }

    private func drainDealer(_ peer: Endpoint, atMost limit: Int) {
        let sender = Peer(peer)
        var left = limit
        while left > 0 {
            guard let dealer = dealers[peer], case .done? = try? dealer.socket.receive(into: intake.frames) else {
                return
            }
            left -= intake.read(from: 0, over: .dial(peer), sender: sender) { announcement in
                switch announcement {
                case .framed(let features), .packed(let features): if !features.isEmpty { dealer.note(features) }
                }
            } _: {
                handler($0)
            }
        }
    }
}
