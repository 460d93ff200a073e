internal import Lymph
internal import ZeroMQ

/// The transport of a member of a ``SimulatedNetwork``.
final class SimulatedTransport: MessageTransport, @unchecked Sendable {  // Confined to the thread of its simulation.
    private let network: SimulatedNetwork
    let loop: any EventLoop
    private let wanted: Endpoint?
    private(set) var endpoint: Endpoint?
    private var handler: (TransportEvent) -> Void = { _ in }
    private var dialled: [Endpoint: Link] = [:]
    // The peers whose connection is gone and was not restored yet.
    private var lost: Set<Endpoint> = []
    // The connections that peers have made. A new one replaces the one before.
    private var accepted: [Endpoint: Link] = [:]

    init(_ network: SimulatedNetwork, _ loop: any EventLoop, wanted: Endpoint?) {
        self.network = network
        self.loop = loop
        self.wanted = wanted
    }

    func open(_ handler: @escaping (TransportEvent) -> Void) throws(LymphError) -> TransportOpening {
        let endpoint = try network.add(self, at: wanted)
        self.endpoint = endpoint
        self.handler = handler
        return TransportOpening(endpoint: endpoint)
    }

    func send(_ message: Lymph.Message, over route: Route) throws(LymphError) -> Attempt {
        guard let endpoint else { throw LymphError(.stopped, "the transport is closed") }
        switch route {
        case .dial(let peer):
            if let link = dialled[peer] { return link.send(message, .out) }
            if !lost.contains(peer) { dial(peer, from: endpoint, again: false) }
            return .wouldBlock
        case .back(let peer):
            guard let link = accepted[peer] else { throw LymphError(.notConnected, "\(peer) has no connection to us") }
            return link.send(message, .back)
        }
    }

    func flush() -> Int { 0 }

    func carryOut(_ order: ConnectionOrder, on peer: Endpoint) {
        switch order {
        case .disconnect:
            lost.remove(peer)
            dialled.removeValue(forKey: peer)?.close()
        case .reconnect:
            guard let endpoint, lost.remove(peer) != nil else { return }
            dial(peer, from: endpoint, again: true)
        }
    }

    private func dial(_ peer: Endpoint, from endpoint: Endpoint, again: Bool) {
        let link = Link(network, dialer: self, at: endpoint, to: peer, isRestored: again)
        dialled[peer] = link
        link.connect()
    }

    func close(grace: Duration) {
        guard let endpoint else { return }
        network.remove(self, at: endpoint)
        for link in dialled.sorted() { link.finish(self) }
        for link in accepted.sorted() { link.finish(self) }
        crash()
    }

    /// Nothing is sent or received any more.
    func crash() {
        endpoint = nil
        handler = { _ in }
        (dialled, accepted, lost) = ([:], [:], [])
    }

    // MARK: For links

    func tell(_ events: [TransportEvent]) { for event in events { handler(event) } }

    /// A peer's connection has come up.
    func accept(_ link: Link) {
        // Closed in the meantime.
        guard endpoint != nil else { return link.lose(self, isNoticed: true) }
        accepted.updateValue(link, forKey: link.dialerEndpoint)?.lose(self, isNoticed: true)
    }

    /// A connection that a peer has made is gone.
    func forget(_ link: Link) {
        guard accepted[link.dialerEndpoint] === link else { return }
        accepted[link.dialerEndpoint] = nil
        handler(.left(link.dialerEndpoint))
    }

    /// A connection of ours is gone.
    func lose(_ link: Link) {
        guard dialled[link.peer] === link else { return }
        dialled[link.peer] = nil
        lost.insert(link.peer)
        handler(.disconnected(link.peer))
    }
}

extension [Endpoint: Link] {
    /// In an order that doesn't depend on the process.
    fileprivate func sorted() -> [Link] { sorted { $0.key < $1.key }.map(\.value) }
}
