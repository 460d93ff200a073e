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

    private func applyToAll(_ socket: Socket, isIPv6: Bool) throws(ZMQError) {
        try socket.set(SocketOptions(maxMessageBytes: maxMessageBytes, isIPv6: isIPv6))
        // A peer that hears nothing from us for as long lets the connection go, too.
        try socket.set(.heartbeatTTL, 15_000)
        try socket.set(.tcpKeepalive, 1)
        try socket.set(.tcpKeepaliveIdle, 60)
        try socket.set(.tcpKeepaliveInterval, 15)
        try socket.set(.tcpKeepaliveCount, 4)
    }

    func applyToRouter(_ socket: Socket) throws(ZMQError) {
        try applyToAll(socket, isIPv6: ip.contains(":"))
        try socket.set(.backlog, 1024)
        // A peer that was restarted on its endpoint takes the place of the connection that it had before.
        try socket.set(.routerHandover, 1)
        // What can't be delivered is reported instead of dropped.
        try socket.set(.routerMandatory, 1)
    }

    func applyToDealer(_ socket: Socket, identity: Endpoint, peer: Endpoint) throws(ZMQError) {
        try applyToAll(socket, isIPv6: peer.host.contains(":"))
        try socket.setConnecting()
        try socket.set(.routingID, identity.description)
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
