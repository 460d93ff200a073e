package import ZeroMQ

/// How a message reaches a peer.
package enum Route: Hashable, Sendable {
    /// On a connection of ours to the peer's endpoint. This is the way of requests, and of answers to Python peers.
    case dial(Endpoint)
    /// Back on the connection that the peer, known by this endpoint, made to us.
    case back(Endpoint)

    package var peer: Endpoint {
        switch self {
        case .dial(let endpoint), .back(let endpoint): endpoint
        }
    }
}

/// What a transport tells its poller, on the poller's thread.
package enum TransportEvent: Sendable {
    /// A message came in; the route says on whose connection.
    case message(Message, Route)
    /// Something came in that is no message, from a peer that could be told.
    case malformed(WireError, Route)
    /// Something was dropped that nobody can be told of; the text says what.
    case dropped(DropReason, String)
    /// It is worth another try to send to a peer that we dialled.
    case writable(Endpoint)
    /// A message that was to be sent soon can't be sent on its route.
    case undeliverable(Message, Route, LymphError)
    /// What was to be sent soon on a way back has to wait: it is worth another try in a moment.
    case blocked(Route)
    /// The connection to a peer that we dialled is gone. All that came over it was reported before.
    case disconnected(Endpoint)
}

/// What is to become of our connection to a peer.
package enum ConnectionOrder: Sendable, Hashable {
    /// It ends.
    case disconnect
    /// One that was reported as gone is tried to get back. For any other nothing happens: sending makes the first one.
    case reconnect
}

/// How peers reach a transport, and how many it can reach.
package struct TransportOpening: Sendable {
    package let endpoint: Endpoint
    /// How many peers can be dialled; nil if nothing sets a limit.
    package var peerLimit: PeerLimit?
}

/// Moves messages between peers. It belongs to a poller, and is used on that poller's thread only.
///
/// It knows nothing of calls: an answer and a request are the same to it.
package protocol MessageTransport: AnyObject {
    /// Begins to receive.
    ///
    /// - Parameter handler: Takes what happens. It is called on the poller's thread, and from ``flush()``, but not from within
    ///   another call of this protocol.
    /// - Throws: ``LymphError`` with code `bindFailure`.
    func open(_ handler: @escaping @Sendable (TransportEvent) -> Void) throws(LymphError) -> TransportOpening

    /// Sends a message if that is possible at once, or with others before the thread waits the next time.
    ///
    /// - Returns: `wouldBlock` if there is no connection yet or the peer does not read. For ``Route/dial(_:)``
    ///   an event says when it is worth another try.
    /// - Throws: If it will not be possible on this route.
    func send(_ message: Message, over route: Route) throws(LymphError) -> Attempt

    /// Sends what ``send(_:over:)`` has kept. It is called before the thread waits.
    ///
    /// - Returns: To how many peers there are answers that their connections did not take.
    @discardableResult
    func flush() -> Int

    /// Changes our connection to a peer.
    func carryOut(_ order: ConnectionOrder, on peer: Endpoint)

    /// Ends everything. What was sent before is delivered if that is possible within `grace`.
    func close(grace: Duration)
}
