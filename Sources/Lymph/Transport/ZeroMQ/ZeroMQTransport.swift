internal import ZeroMQ

/// The transport over ØMQ: one bound ROUTER that receives, and one DEALER for each dialled peer.
///
/// On the wire this looks like the two ROUTERs of Python lymph. The ``Dealer`` adds what they lack: it knows when the
/// connection is up, it drops nothing silently, and no peer can take over the route to another.
final class ZeroMQTransport: MessageTransport {
    private let thread: PollThread
    private let configuration: SocketConfiguration
    private var opened: Opened?
    private var dealers: [Endpoint: Dealer] = [:]
    // The peers whose connection is gone and was not restored yet.
    private var lost: Set<Endpoint> = []
    private lazy var probes = ConnectionProbes(on: thread) { [unowned self] in peerIsGone($0) }
    private var lastNumber = 0
    // The dealers with packed messages to send before the thread waits.
    private var unsent: [Dealer] = []
    private var returnPaths = ReturnPaths()
    private var handler: (TransportEvent) -> Void = { _ in }
    private let incoming = Multipart()
    private var sources = EndpointCache()
    private var connections = IncomingConnections()

    /// How many messages one socket may deliver before the others get their turn.
    private static let fairness = 256

    // A class, because it is accessed for every message.
    private final class Opened {
        let context: Context
        let router: Socket
        let token: PollSet.Token
        let monitor: Monitor
        let monitorToken: PollSet.Token
        let endpoint: Endpoint

        init(
            _ context: Context, _ router: Socket, _ token: PollSet.Token, _ monitor: Monitor,
            _ monitorToken: PollSet.Token, _ endpoint: Endpoint
        ) {
            self.context = context
            self.router = router
            self.token = token
            self.monitor = monitor
            self.monitorToken = monitorToken
            self.endpoint = endpoint
        }
    }

    init(thread: PollThread, configuration: SocketConfiguration) {
        self.thread = thread
        self.configuration = configuration
    }

    // MARK: Opening and closing

    func open(_ handler: @escaping (TransportEvent) -> Void) throws(LymphError) -> TransportOpening {
        do throws(ZMQError) {
            try thread.requireDescriptors()
            let context = try Context(ioThreads: configuration.ioThreads)
            do throws(ZMQError) {
                let opened = try listen(in: context)
                self.opened = opened
                self.handler = handler
                return TransportOpening(
                    endpoint: opened.endpoint,
                    peerLimit: PeerLimit(descriptors: Descriptors.limit, sockets: Context.maxSockets))
            } catch {
                context.terminate()
                throw error
            }
        } catch {
            throw LymphError(.bindFailure, "can't listen on \(configuration.address): \(error)", cause: error)
        }
    }

    /// Closes everything if it fails: an open socket would block the termination of the context.
    private func listen(in context: Context) throws(ZMQError) -> Opened {
        let router = try Socket(.router, in: context)
        do throws(ZMQError) {
            try configuration.applyToRouter(router)
            let monitor = try Monitor(
                of: router, in: context, name: "router", events: [.failedHandshakes, .incomingConnections])
            do throws(ZMQError) {
                let endpoint = try configuration.bind(router)
                let token = thread.pollSet.add(router, for: .readable) { [unowned self] _ in drainRouter() }
                let monitorToken = thread.pollSet.add(monitor.socket, for: .readable) { [unowned self] _ in
                    drainMonitor()
                }
                return Opened(context, router, token, monitor, monitorToken, endpoint)
            } catch {
                monitor.close(watching: router)
                throw error
            }
        } catch {
            router.close()
            throw error
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
        thread.pollSet.remove(opened.token)
        thread.pollSet.remove(opened.monitorToken)
        opened.monitor.close(watching: opened.router)
        try? opened.router.set(.linger, linger)
        opened.router.close()
        opened.context.terminate()
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
                return try returnPaths.send(message, to: peer, on: opened.router)
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
        guard let opened, !returnPaths.isEmpty else { return 0 }
        for event in returnPaths.flush(on: opened.router) { handler(event) }
        return returnPaths.count
    }

    private func dial(_ peer: Endpoint, from opened: Opened) throws(ZMQError) -> Dealer {
        lastNumber += 1
        let dealer = try Dealer(
            to: peer, as: opened.endpoint, number: lastNumber, in: opened.context, on: thread, configuration
        ) { [unowned self] event in
            switch event {
            case .readable: drainDealer(peer, atMost: Self.fairness)
            case .writable:
                probes.remove(peer)
                handler(.writable(peer))
            case .failed: probes.probe(peer)
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
        drainRouter()
        handler(.refused(peer))
    }

    // MARK: Receiving

    private func drainRouter() {
        var left = Self.fairness
        while left > 0 {
            guard let opened, case .done? = try? opened.router.receive(into: incoming) else { return }
            if let source = sources.endpoint(incoming.bytes(at: 0), generation: connections.generation) {
                let gone = source.isFirst ? attribute(to: source.endpoint) : nil
                left -= handle(from: 1, over: .back(source.endpoint))
                // After the message, which may be the last that is left of the peer's connection.
                if let gone { handler(.left(gone)) }
            } else {
                left -= 1
                let identity = incoming.withUnsafeBytes(at: 0) { String(decoding: $0.prefix(64), as: UTF8.self) }
                handler(
                    .dropped(.source, "\(identity.debugDescription) is not an endpoint such as tcp://127.0.0.1:4100"))
            }
        }
    }

    /// Finds out on which connection the received message came in.
    ///
    /// - Returns: The peer that has left, as this shows.
    private func attribute(to peer: Endpoint) -> Endpoint? {
        // libzmq reports the end of a connection before it closes the descriptor.
        drainMonitor()
        return incoming.descriptor(at: 1).flatMap { connections.attribute($0, to: peer) }
    }

    private func drainMonitor() {
        while let event = try? opened?.monitor.next() {
            switch event.kind {
            case .accepted: connections.begin(event.value).map { handler(.left($0)) }
            case .disconnected: connections.end(event.value).map { handler(.left($0)) }
            case .handshakeFailed:
                handler(.dropped(.handshake, "a peer that does not speak ZMTP connected to \(event.address)"))
            default: break
            }
        }
    }

    private func drainDealer(_ peer: Endpoint, atMost limit: Int) {
        var left = limit
        while left > 0 {
            guard let dealer = dealers[peer], case .done? = try? dealer.socket.receive(into: incoming) else { return }
            left -= handle(from: 0, over: .dial(peer))
        }
    }

    /// - Returns: The number of messages.
    private func handle(from first: Int, over route: Route) -> Int {
        var count = 0
        do throws(WireError) {
            guard incoming.count - first > 1 else {
                try unpack(first, over: route, &count)
                return count
            }
            let size = incoming.byteCount
            let message = try Message(frames: incoming, from: first, sender: Principal(route.peer))
            guard size <= configuration.maxMessageBytes else {
                throw .tooLarge(
                    "a message of \(size) bytes; \(configuration.maxMessageBytes) are allowed",
                    request: message.kind == .request ? message.id : nil)
            }
            note(message.headers.features, of: route, isNewcomer: true)
            handler(.message(message, route))
        } catch {
            handler(.malformed(error, route))
        }
        return count + 1
    }

    private func unpack(_ index: Int, over route: Route, _ count: inout Int) throws(WireError) {
        try PackedFrame.read(incoming.bytes(at: index), sender: Principal(route.peer)) { message in
            // Only after a valid message: a single frame may contain anything.
            let features = message.headers.features
            if count == 0 || features != .packing { note(features, of: route, isNewcomer: false) }
            count += 1
            handler(.message(message, route))
        }
    }

    /// Records what a peer supports.
    private func note(_ features: Features, of route: Route, isNewcomer: Bool) {
        switch route {
        case .dial(let peer): if !features.isEmpty { dealers[peer]?.note(features) }
        case .back(let peer):
            returnPaths.note(features.contains(.packed), of: peer, isNewcomer: isNewcomer)
        }
    }
}
