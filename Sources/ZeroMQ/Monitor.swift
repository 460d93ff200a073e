internal import CZeroMQ

/// What libzmq reports about the connections of one socket.
package struct MonitorEvent: Sendable, Hashable {
    /// What happened.
    package enum Kind: Sendable, Hashable {
        case connected, connectDelayed, connectRetried
        case accepted, acceptFailed
        case closed, disconnected
        case handshakeSucceeded, handshakeFailed
        /// The other side has refused the handshake, for good; the value is its ZAP status.
        case handshakeRefused
        case other(UInt16)
    }

    package let kind: Kind

    /// The descriptor, error number or interval that belongs to the event; the descriptor for `accepted`,
    /// `connected`, `closed` and `disconnected`.
    package let value: Int32

    /// The address of the local or remote side, as libzmq writes it.
    package let address: String
}

/// Reads the events of a socket's monitor. The monitored socket must outlive it.
package final class Monitor {
    package let socket: Socket
    private let message = Multipart()

    /// Which events are reported.
    package struct Events: OptionSet, Sendable {
        package let rawValue: Int32

        package init(rawValue: Int32) { self.rawValue = rawValue }

        /// A handshake failed.
        package static let failedHandshakes = Events(
            rawValue: ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL)
        /// The other side refused a handshake.
        package static let refusedHandshakes = Events(rawValue: ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
        /// A connection becomes usable, stops being usable, or can't be made yet.
        package static let connections = Events(
            rawValue: ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CONNECT_RETRIED)
        /// A connection to a bound socket was accepted, or has ended.
        package static let incomingConnections = Events(rawValue: ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED)
        /// All events that ``MonitorEvent/Kind`` has a name for.
        package static let all = Events(
            rawValue: ZMQ_EVENT_CONNECTED | ZMQ_EVENT_CONNECT_DELAYED | ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_ACCEPTED
                | ZMQ_EVENT_ACCEPT_FAILED | ZMQ_EVENT_CLOSED
        ).union([.failedHandshakes, .refusedHandshakes, .connections])
    }

    /// Starts to watch `target`; `name` must be unique in the context.
    package init(
        of target: Socket, in context: Context, name: String, events: Events = .all
    ) throws(ZMQError) {
        let address = "inproc://monitor-\(name)"
        try check("zmq_socket_monitor", name) { unsafe zmq_socket_monitor(target.raw, address, events.rawValue) }
        socket = try Socket(.pair, in: context)
        // No high-water mark: with one, libzmq's I/O thread would block on a slow reader while holding the lock that
        // closing needs.
        try socket.set(.receiveHighWaterMark, 0)
        try socket.connect(address)
    }

    /// Takes the next event, if there is one.
    package func next() throws(ZMQError) -> MonitorEvent? {
        guard case .done = try socket.receive(into: message), message.count >= 2 else { return nil }
        let head: (kind: UInt16, value: Int32)? = unsafe message.withUnsafeBytes(at: 0) { bytes in
            guard bytes.count >= 6 else { return nil }
            return unsafe (
                bytes.loadUnaligned(fromByteOffset: 0, as: UInt16.self),
                bytes.loadUnaligned(fromByteOffset: 2, as: Int32.self)
            )
        }
        guard let head else { return nil }
        let address = unsafe message.withUnsafeBytes(at: 1) { unsafe String(decoding: $0, as: UTF8.self) }
        return MonitorEvent(kind: .init(head.kind), value: head.value, address: address)
    }

    /// Stops watching. Call it before the watched socket is closed.
    package func close(watching target: Socket) {
        unsafe zmq_socket_monitor(target.raw, nil, 0)
        socket.close()
    }
}

extension MonitorEvent.Kind {
    init(_ raw: UInt16) {
        self =
            switch Int32(raw) {
            case ZMQ_EVENT_CONNECTED: .connected
            case ZMQ_EVENT_CONNECT_DELAYED: .connectDelayed
            case ZMQ_EVENT_CONNECT_RETRIED: .connectRetried
            case ZMQ_EVENT_ACCEPTED: .accepted
            case ZMQ_EVENT_ACCEPT_FAILED: .acceptFailed
            case ZMQ_EVENT_CLOSED: .closed
            case ZMQ_EVENT_DISCONNECTED: .disconnected
            case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: .handshakeSucceeded
            case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL: .handshakeFailed
            case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: .handshakeRefused
            default: .other(raw)
            }
    }
}
