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

/// Moves messages between peers. It belongs to a poller, and is used on that poller's thread only.
///
/// It knows nothing of calls: an answer and a request are the same to it.
package protocol MessageTransport: AnyObject {
    /// Begins to receive.
    ///
    /// - Parameter handler: Takes what happens. It is called on the poller's thread, never from within a call of this
    ///   protocol.
    /// - Returns: The endpoint at which peers reach us.
    /// - Throws: ``LymphError`` with code `bindFailure`.
    func open(_ handler: @escaping @Sendable (TransportEvent) -> Void) throws(LymphError) -> Endpoint

    /// Sends a message if that is possible at once, or with others before the thread waits the next time.
    ///
    /// - Returns: `wouldBlock` if there is no connection yet or the peer does not read. For ``Route/dial(_:)``
    ///   an event says when it is worth another try.
    /// - Throws: If it will not be possible on this route.
    func send(_ message: Message, over route: Route) throws(LymphError) -> Attempt

    /// Sends what ``send(_:over:)`` has kept. It is called before the thread waits.
    func flush()

    /// Tries to get a connection back that was reported as gone. For any other it does nothing: sending makes the first one.
    func reconnect(_ peer: Endpoint)

    /// Ends our connection to a peer.
    func disconnect(_ peer: Endpoint)

    /// How many frames with answers a blocked connection has not taken.
    var blockedFrames: Int { get }

    /// How many peers can be dialled; nil if nothing sets a limit.
    var peerLimit: PeerLimit? { get }

    /// Ends everything. What was sent before is delivered if that is possible within `grace`.
    func close(grace: Duration)
}
