/// Which peer is at the other end of which connection to our ROUTER: when a connection ends, its peer has left.
///
/// libzmq tells the beginning and the end of a connection by its descriptor, and also on which descriptor a message came
/// in. Finding out the latter has its price, so it is only done for a peer's first message after any change; see
/// ``generation``.
///
/// Descriptors are reused, and a peer's last messages may be read after the end of its connection. They look as if they
/// belonged to the connection that has the descriptor now.
struct IncomingConnections {
    private struct Connection {
        var isOpen = true
        /// The peer that a message came from.
        var peer: Endpoint?
        /// The peer that had the descriptor before, of which something may still be left to read.
        var former: Endpoint?
    }

    // There is an entry for each descriptor that was ever used, so no more than the process may open.
    private var connections: [Int32: Connection] = [:]
    // The open connections of which the peer is known.
    private var descriptors: [Endpoint: Int32] = [:]

    /// Changes whenever a message of a peer may have come in on another connection than its last one.
    private(set) var generation = 0

    /// The open connections of which the peer is known.
    var all: [(peer: Endpoint, descriptor: Int32)] { descriptors.map { ($0.key, $0.value) } }

    /// Whether a connection is the one on which a peer's message came in. It isn't if the peer's has ended, and another one
    /// has the descriptor by now. All changes before must have been reported.
    func isOwn(_ descriptor: Int32, of peer: Endpoint) -> Bool {
        guard let connection = connections[descriptor], connection.isOpen else { return false }
        return connection.peer == peer || connection.peer == nil && connection.former != peer
    }

    /// A connection was accepted.
    ///
    /// - Returns: The peer that has left: the end of its connection went unnoticed, but its descriptor is reused.
    mutating func begin(_ descriptor: Int32) -> Endpoint? {
        let gone = end(descriptor)
        generation += 1
        connections[descriptor, default: Connection()].isOpen = true
        return gone
    }

    /// A connection has ended.
    ///
    /// - Returns: The peer that has left; nil if it has another connection, or was never heard of.
    mutating func end(_ descriptor: Int32) -> Endpoint? {
        guard var connection = connections[descriptor], connection.isOpen else { return nil }
        generation += 1
        let peer = connection.peer
        connection = Connection(isOpen: false, former: peer ?? connection.former)
        connections[descriptor] = connection
        if let peer { descriptors[peer] = nil }
        return peer
    }

    /// A message of a peer came in on a connection. All changes before it must have been reported.
    ///
    /// - Returns: The peer that has left: this one, if its connection has ended already, or the one that seemed to have
    ///   the connection so far.
    mutating func attribute(_ descriptor: Int32, to peer: Endpoint) -> Endpoint? {
        guard let connection = connections[descriptor], connection.isOpen else { return leftover(of: peer) }
        guard connection.peer != peer else { return nil }
        // A connection has only one peer. Of two that claim it, this one is known to have had the descriptor before.
        if connection.peer != nil, connection.former == peer { return leftover(of: peer) }
        if let before = descriptors.updateValue(descriptor, forKey: peer) { connections[before]?.peer = nil }
        connections[descriptor]?.peer = peer
        if let other = connection.peer { descriptors[other] = nil }
        return connection.peer
    }

    private mutating func leftover(of peer: Endpoint) -> Endpoint? {
        guard descriptors[peer] == nil else { return nil }
        // Its next message may be another one, or the first on a new connection.
        generation += 1
        return peer
    }
}
