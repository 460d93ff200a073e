internal import Glibc
internal import ZeroMQ

/// How the sockets of a ``ZeroMQTransport`` are set up.
struct SocketConfiguration: Sendable {
    var ip: String
    /// 0 for any free one.
    var port: UInt16
    var ioThreads: Int32 = 1
    var maxMessageBytes: Int

    /// The address in words.
    var address: String { port == 0 ? "\(ip), any port" : "\(ip), port \(port)" }

    private func applyToAll(_ socket: Socket) throws(ZMQError) {
        try socket.set(.maxMessageSize, Int64(maxMessageBytes))
        try socket.set(.sendHighWaterMark, 1000)
        try socket.set(.receiveHighWaterMark, 1000)
        // A peer that connects and says nothing, or stops in the middle of the handshake, is let go after this.
        try socket.set(.handshakeInterval, 2000)
        // A connection that broke without a word is noticed within this.
        try socket.set(.heartbeatInterval, 5000)
        try socket.set(.heartbeatTimeout, 15_000)
        try socket.set(.heartbeatTTL, 15_000)
        try socket.set(.tcpKeepalive, 1)
        try socket.set(.tcpKeepaliveIdle, 60)
        try socket.set(.tcpKeepaliveInterval, 15)
        try socket.set(.tcpKeepaliveCount, 4)
    }

    func applyToRouter(_ socket: Socket) throws(ZMQError) {
        try applyToAll(socket)
        try socket.set(.backlog, 1024)
        // A peer that was restarted on its endpoint takes the place of the connection that it had before.
        try socket.set(.routerHandover, 1)
        // What can't be delivered is reported instead of dropped.
        try socket.set(.routerMandatory, 1)
        try socket.set(.ipv6, ip.contains(":") ? 1 : 0)
    }

    func applyToDealer(_ socket: Socket, identity: Endpoint, peer: Endpoint) throws(ZMQError) {
        try applyToAll(socket)
        try socket.set(.routingID, identity.description)
        try socket.set(.reconnectInterval, 100)
        try socket.set(.reconnectIntervalMax, 1000)
        try socket.set(.connectTimeout, 3000)
        try socket.set(.ipv6, peer.host.contains(":") ? 1 : 0)
    }

    /// Binds the ROUTER and gives it the identity by which peers know it.
    ///
    /// The identity must be set before, so the port is chosen here and not by the system.
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
