internal import Glibc
internal import ZeroMQ

/// The settings of a ``ZeroMQTransport``'s sockets.
struct SocketConfiguration: Sendable {
    var ip: String
    /// The port; 0 for any free one.
    var port: UInt16
    var ioThreads: Int32 = 1
    var maxMessageBytes: Int
    /// How connections are encrypted and whom we admit; nil without encryption.
    var security: Security.Encrypted?

    /// One of the sockets on which peers call us.
    enum Door {
        /// For Python lymph, and for everybody who doesn't encrypt.
        case plain
        /// For peers with keys.
        case encrypted

        /// Unique in the context.
        var name: String { self == .plain ? "router" : "curve" }
    }

    /// The doors to open.
    var doors: [Door] {
        switch security?.encryption {
        case nil: [.plain]
        case .required?: [.encrypted]
        default: [.plain, .encrypted]
        }
    }

    /// How a door tells who a caller is.
    func proof(at door: Door) -> Callers.Proof {
        guard let policy = security?.policy else { return .none }
        return door == .plain ? .address(policy) : .key(policy)
    }

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

    func apply(to socket: Socket, as door: Door = .plain) throws(ZMQError) {
        try applyToAll(socket, isIPv6: ip.contains(":"))
        try socket.set(.backlog, 1024)
        // A restarted peer at the same endpoint replaces its old connection. On the encrypted door the name of each
        // connection is random, and nobody takes another's.
        try socket.set(.routerHandover, door == .plain ? 1 : 0)
        // An undeliverable message is reported instead of silently dropped.
        try socket.set(.routerMandatory, 1)
        guard let security else { return }
        try socket.set(.zapDomain, door.name)
        guard case .encrypted = door else { return }
        try socket.set(.curveServer, 1)
        try socket.set(.curveSecretKey, security.key.secret)
    }

    func applyToDealer(_ socket: Socket, identity: Endpoint, peer: Endpoint) throws(ZMQError) {
        try applyToAll(socket, isIPv6: peer.host.contains(":"))
        try socket.setConnecting()
        guard let key = peer.key else { return try socket.set(.routingID, identity.address) }
        guard let security else { throw ZMQError(code: EINVAL, function: "zmq_connect", subject: "without a key") }
        try socket.set(.routingID, CallerIdentity.make(for: identity))
        try socket.set(.curveServerKey, key.description)
        try socket.set(.curvePublicKey, security.key.publicKey.description)
        try socket.set(.curveSecretKey, security.key.secret)
    }

    /// Binds a ROUTER and gives it the identity by which peers know it.
    ///
    /// The identity contains the port and must be set before binding, so the port is chosen here and not by the
    /// system.
    func bind(_ socket: Socket, as door: Door = .plain) throws(ZMQError) -> Endpoint {
        let isSecond = door == .encrypted && doors.count > 1
        let wanted = isSecond ? security?.port ?? 0 : port
        var attempts = 0
        while true {
            let port = wanted == 0 ? UInt16.random(in: 35_536...65_535) : port
            guard let endpoint = try? Endpoint(host: ip, port: port) else {
                throw ZMQError(code: EINVAL, function: "zmq_bind", subject: "\(ip) (an IP address is needed)")
            }
            try socket.set(.routingID, endpoint.description)
            attempts += 1
            do throws(ZMQError) {
                try socket.bind(endpoint.description)
                return door == .plain ? endpoint : endpoint.with(security?.key.publicKey)
            } catch {
                guard wanted == 0, error.isAddressInUse, attempts < 100 else { throw error }
            }
        }
    }
}
