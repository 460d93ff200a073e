package import ZeroMQ

/// The path of a message to or from a peer.
package enum Route: Hashable, Sendable {
    /// On our outgoing connection to the peer's endpoint. Used for requests, and for answers to Python peers.
    case dial(Endpoint)
    /// On the connection that the peer made to us, under the name of this endpoint: a return path.
    case back(Endpoint)

    package var peer: Endpoint {
        switch self {
        case .dial(let endpoint), .back(let endpoint): endpoint
        }
    }
}

/// What a transport reports to its poller, on the poller's thread.
package enum TransportEvent: Sendable {
    /// A message was received on this route.
    case message(Message, Route)
    /// Something malformed was received from a known peer.
    case malformed(WireError, Route)
    /// Something was dropped whose sender cannot be told; the text says what.
    case dropped(DropReason, String)
    /// An outgoing connection can accept messages: retry what is queued for it.
    case writable(Endpoint)
    /// A message that ``MessageTransport/send(_:over:)`` had kept cannot be sent on its route.
    case undeliverable(Message, Route, LymphError)
    /// Messages kept for a return path could not be sent yet. They stay queued; retry soon.
    case blocked(Route)
    /// An outgoing connection is gone. Everything received on it was reported before.
    case disconnected(Endpoint)
    /// The connection that a peer had made to us is gone. A later message over its ``Route/back(_:)`` is a sign that it
    /// has made another.
    case left(Endpoint)
    /// A connection that is gone can't be restored, because nobody listens at the endpoint any more. Reported at most
    /// once after each ``disconnected(_:)``, and never for a peer that can't be reached for another reason.
    case refused(Endpoint)
    /// A peer does not admit us: not our key, or not our address. The connection is not restored before that is ordered.
    case unauthorized(Endpoint)
}

/// A change of our outgoing connection to a peer.
package enum ConnectionOrder: Sendable, Hashable {
    /// Close it.
    case disconnect
    /// Restore it, if it was reported as ``TransportEvent/disconnected(_:)``. The first connection is made by sending.
    case reconnect
}

/// The result of opening a transport.
package struct TransportOpening: Sendable {
    package let endpoint: Endpoint
    /// Where peers with keys can reach us, with our own; nil if that is nowhere.
    package var encrypted: Endpoint?
    /// The maximum number of peers that can be dialled; nil if there is no limit.
    package var peerLimit: PeerLimit?

    package init(endpoint: Endpoint, encrypted: Endpoint? = nil, peerLimit: PeerLimit? = nil) {
        self.endpoint = endpoint
        self.encrypted = encrypted
        self.peerLimit = peerLimit
    }
}

/// Moves messages between peers. It belongs to a poller, and is used only on that poller's thread.
///
/// It knows nothing about calls: it treats requests and answers alike.
package protocol MessageTransport: AnyObject {
    /// Starts to receive.
    ///
    /// - Parameter handler: Called for each event, on the poller's thread. ``flush()`` may call it, but no other
    ///   method of this protocol does.
    /// - Throws: ``LymphError`` with code `bindFailure`.
    func open(_ handler: @escaping (TransportEvent) -> Void) throws(LymphError) -> TransportOpening

    /// Sends a message if that is possible at once. The transport may keep it until ``flush()``, to send it together
    /// with others.
    ///
    /// - Returns: `wouldBlock` if there is no connection yet or the peer does not read. For ``Route/dial(_:)``,
    ///   ``TransportEvent/writable(_:)`` says when to retry.
    /// - Throws: ``LymphError`` if the message cannot be sent on this route.
    func send(_ message: Message, over route: Route) throws(LymphError) -> Attempt

    /// Sends the messages that ``send(_:over:)`` has kept. Called before the thread waits.
    ///
    /// - Returns: The number of return paths whose connections did not accept everything.
    @discardableResult
    func flush() -> Int

    /// Closes or restores our outgoing connection to a peer.
    func carryOut(_ order: ConnectionOrder, on peer: Endpoint)

    /// Admits peers by another policy from now on, and cuts the connections of those that it doesn't admit.
    func use(_ policy: AccessPolicy)

    /// Closes all connections. Messages already sent may take up to `grace` to be delivered.
    func close(grace: Duration)
}

extension MessageTransport {
    /// A network inside the process knows everybody.
    package func use(_ policy: AccessPolicy) {}
}

/// A network that peers join instead of opening sockets.
package protocol Network: Sendable {
    /// Makes the loop and the transport of a new member.
    ///
    /// - Parameter wanted: The endpoint that it wants; nil for any free one.
    func join(at wanted: Endpoint?) -> (loop: any EventLoop, transport: any MessageTransport)
}
