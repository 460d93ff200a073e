internal import ZeroMQ

/// The transport of a member of an ``InMemoryNetwork``.
final class InMemoryTransport: MessageTransport {
    private let network: InMemoryNetwork
    private let loop: any EventLoop
    private let wanted: Endpoint?
    private var opened: (endpoint: Endpoint, port: InMemoryNetwork.Port)?

    init(network: InMemoryNetwork, loop: any EventLoop, wanted: Endpoint?) {
        self.network = network
        self.loop = loop
        self.wanted = wanted
    }

    func open(_ handler: @escaping (TransportEvent) -> Void) throws(LymphError) -> TransportOpening {
        let port = InMemoryNetwork.Port(loop: loop, handler: handler)
        let endpoint = try network.open(port, at: wanted)
        opened = (endpoint, port)
        return TransportOpening(endpoint: endpoint)
    }

    func send(_ message: Message, over route: Route) throws(LymphError) -> Attempt {
        guard let opened else { throw LymphError(.stopped, "the transport is closed") }
        let found =
            switch route {
            case .dial(let peer): network.port(at: peer, orTell: opened.port)
            case .back(let peer): network.port(at: peer)
            }
        guard let port = found else {
            if case .dial = route { return .wouldBlock }
            throw LymphError(.notConnected, "\(route.peer) has left the network")
        }
        // The receiver sees the opposite direction: what we dial arrives as its incoming connection, and vice versa.
        let arrival: Route = if case .dial = route { .back(opened.endpoint) } else { .dial(opened.endpoint) }
        let frames = message.frames()
        port.tell { InMemoryNetwork.events(for: frames, over: arrival) }
        return .done
    }

    // There are no connections here: each message is delivered on its own.
    func flush() -> Int { 0 }
    func carryOut(_ order: ConnectionOrder, on peer: Endpoint) {}

    func close(grace: Duration) {
        if let opened { network.close(opened.endpoint) }
        opened = nil
    }
}

extension Message {
    /// The five frames of the message in lymph's framing.
    package func frames() -> [[UInt8]] {
        let subject = [UInt8](subject.utf8)
        return [
            [UInt8](id.description.utf8), [UInt8](kind.rawValue.utf8), subject, headers.bytes,
            payload.withUnsafeBytes { [UInt8]($0) },
        ]
    }
}
