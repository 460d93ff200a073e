/// Options for every socket that other processes connect to or are connected with.
package struct SocketOptions: Sendable {
    /// The largest frame that a peer may send, in bytes.
    package var maxMessageBytes: Int
    /// Whether the socket can also use IPv6.
    package var isIPv6: Bool
    /// The maximum number of messages queued for one peer.
    package var sendHighWaterMark: Int32
    /// The maximum number of received messages of one peer that are queued.
    package var receiveHighWaterMark: Int32

    package init(
        maxMessageBytes: Int, isIPv6: Bool, sendHighWaterMark: Int32 = 1000, receiveHighWaterMark: Int32 = 1000
    ) {
        self.maxMessageBytes = maxMessageBytes
        self.isIPv6 = isIPv6
        self.sendHighWaterMark = sendHighWaterMark
        self.receiveHighWaterMark = receiveHighWaterMark
    }
}

extension Socket {
    /// Sets the options of a socket that has not been bound or connected yet.
    package func set(_ options: SocketOptions) throws(ZMQError) {
        try set(.maxMessageSize, Int64(options.maxMessageBytes))
        try set(.ipv6, options.isIPv6 ? 1 : 0)
        try set(.sendHighWaterMark, options.sendHighWaterMark)
        try set(.receiveHighWaterMark, options.receiveHighWaterMark)
        // Disconnects a peer that has not finished the handshake after 2 s.
        try set(.handshakeInterval, 2000)
        // Detects a connection that broke silently: a ping every 5 s, which must be answered within 15 s.
        try set(.heartbeatInterval, 5000)
        try set(.heartbeatTimeout, 15_000)
    }

    /// Sets how soon a socket reconnects to an unreachable peer. An attempt without a response is given up after 3 s:
    /// the system would continue it for minutes, at growing intervals.
    package func setConnecting() throws(ZMQError) {
        try set(.reconnectInterval, 100)
        try set(.reconnectIntervalMax, 1000)
        try set(.connectTimeout, 3000)
    }
}
