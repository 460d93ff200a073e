/// What every socket that other processes talk to has set, with what differs among them.
package struct SocketOptions: Sendable {
    /// The largest frame that a peer may send.
    package var maxMessageBytes: Int
    /// Whether it can use IPv6, too.
    package var isIPv6: Bool
    /// How many messages wait to be sent to one peer.
    package var sendHighWaterMark: Int32
    /// How many messages of one peer wait to be received.
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
    /// Sets what a socket needs before it is bound or connected.
    package func set(_ options: SocketOptions) throws(ZMQError) {
        try set(.maxMessageSize, Int64(options.maxMessageBytes))
        try set(.ipv6, options.isIPv6 ? 1 : 0)
        try set(.sendHighWaterMark, options.sendHighWaterMark)
        try set(.receiveHighWaterMark, options.receiveHighWaterMark)
        // A peer that connects and says nothing, or stops in the middle of the handshake, is let go after this.
        try set(.handshakeInterval, 2000)
        // A connection that broke without a word is noticed within this.
        try set(.heartbeatInterval, 5000)
        try set(.heartbeatTimeout, 15_000)
    }

    /// Sets how soon a socket connects again to a peer that is away. An attempt that nobody answers is given up: the system would go
    /// on with it for minutes, at longer and longer intervals.
    package func setConnecting() throws(ZMQError) {
        try set(.reconnectInterval, 100)
        try set(.reconnectIntervalMax, 1000)
        try set(.connectTimeout, 3000)
    }
}
