internal import Glibc
internal import ZeroMQ

/// The settings of a ``ZeroMQTransport``'s sockets.
struct SocketConfiguration: Sendable {
    var ip: String
    /// The port; 0 for any free one.
    var port: UInt16
    var ioThreads: Int32 = 1
    var maxMessageBytes: Int

    /// The address, for people.
    var address: String { port == 0 ? "\(ip), any port" : "\(ip), port \(port)" }

    private func applyToAll(_ socket: Socket, isIPv6: Bool) throws(ZMQError) {
        try socket.set(SocketOptions(maxMessageBytes: maxMessageBytes, isIPv6: isIPv6))
        // Asks the peer to drop the connection, too, if it receives nothing from us for this long.
        try socket.set(.heartbeatTTL, 15_000)
        try socket.set(.tcpKeepalive, 1)
        try socket.set(.tcpKeepaliveIdle, 60)
        try socket.set(.tcpKeepaliveInterval, 15)
        try socket.set(.tcpKeepaliveCount, 4)
    }

    func applyToRouter(_ socket: Socket) throws(ZMQError) {
        try applyToAll(socket, isIPv6: ip.contains(":"))
        try socket.set(.backlog, 1024)
        // A restarted peer at the same endpoint replaces its old connection.
        try socket.set(.routerHandover, 1)
        // An undeliverable message is reported instead of silently dropped.
        try socket.set(.routerMandatory, 1)
    }

    func applyToDealer(_ socket: Socket, identity: Endpoint, peer: Endpoint) throws(ZMQError) {
        try applyToAll(socket, isIPv6: peer.host.contains(":"))
        try socket.setConnecting()
        try socket.set(.routingID, identity.description)
    }

    /// Binds the ROUTER and gives it the identity by which peers know it.
    ///
    /// The identity contains the port and must be set before binding, so the port is chosen here and not by the
    /// system.
    func bind(_ socket: Socket) throws(ZMQError) -> Endpoint {
        var attempts = 0
        while true {
            let port = port == 0 ? UInt16.random(in: 35_536...65_535) : port
            guard let endpoint = try? Endpoint(host: ip, port: port) else {
                throw ZMQError(code: EINVAL, function: "zmq_bind", subject: "\(ip) (an IP address is needed)")
            }
            try socket.set(.routingID, endpoint.description)
            attempts += 1
            do throws(ZMQError) {
                try socket.bind(endpoint.description)
                return endpoint
            } catch {
                guard self.port == 0, error.isAddressInUse, attempts < 100 else { throw error }
            }
        }
    }
}
