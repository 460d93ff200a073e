internal import CZeroMQ

/// The kinds of socket that the framework needs.
package enum SocketKind: Sendable {
    /// Receives from all peers, knows each by its identity, and can answer each.
    case router
    /// Exchanges messages with one peer.
    case dealer
    /// Receives the events of a monitor.
    case pair
    /// Sends each message to the peers that subscribed to its prefix, and receives their subscriptions.
    case publisher
    /// Receives the messages that it subscribed to, from any number of publishers.
    case subscriber
    /// Receives a request, and answers it before the next one.
    case reply

    var raw: Int32 {
        switch self {
        case .router: ZMQ_ROUTER
        case .dealer: ZMQ_DEALER
        case .pair: ZMQ_PAIR
        // On the wire the same as PUB, but it also reports subscriptions.
        case .publisher: ZMQ_XPUB
        case .subscriber: ZMQ_SUB
        case .reply: ZMQ_REP
        }
    }
}

/// A socket option with the type of its value.
///
/// The meaning of each is libzmq's; times are in milliseconds unless stated otherwise.
package struct SocketOption<Value>: Sendable {
    let raw: Int32
}

extension SocketOption where Value == Int32 {
    /// How long a closed socket keeps trying to send, in milliseconds.
    package static var linger: Self { .init(raw: ZMQ_LINGER) }
    /// How many messages may be queued for one peer before sending blocks.
    package static var sendHighWaterMark: Self { .init(raw: ZMQ_SNDHWM) }
    /// How many received messages of one peer are queued.
    package static var receiveHighWaterMark: Self { .init(raw: ZMQ_RCVHWM) }
    /// 1: a ROUTER reports a message that it can't route instead of dropping it.
    package static var routerMandatory: Self { .init(raw: ZMQ_ROUTER_MANDATORY) }
    /// 1: a new connection takes over the identity of an older one.
    package static var routerHandover: Self { .init(raw: ZMQ_ROUTER_HANDOVER) }
    package static var handshakeInterval: Self { .init(raw: ZMQ_HANDSHAKE_IVL) }
    package static var reconnectInterval: Self { .init(raw: ZMQ_RECONNECT_IVL) }
    package static var reconnectIntervalMax: Self { .init(raw: ZMQ_RECONNECT_IVL_MAX) }
    package static var connectTimeout: Self { .init(raw: ZMQ_CONNECT_TIMEOUT) }
    package static var backlog: Self { .init(raw: ZMQ_BACKLOG) }
    package static var ipv6: Self { .init(raw: ZMQ_IPV6) }
    package static var heartbeatInterval: Self { .init(raw: ZMQ_HEARTBEAT_IVL) }
    package static var heartbeatTimeout: Self { .init(raw: ZMQ_HEARTBEAT_TIMEOUT) }
    /// How long the remote side should wait for a heartbeat; libzmq rounds it to tenths of a second.
    package static var heartbeatTTL: Self { .init(raw: ZMQ_HEARTBEAT_TTL) }
    package static var tcpKeepalive: Self { .init(raw: ZMQ_TCP_KEEPALIVE) }
    /// In seconds.
    package static var tcpKeepaliveIdle: Self { .init(raw: ZMQ_TCP_KEEPALIVE_IDLE) }
    /// In seconds.
    package static var tcpKeepaliveInterval: Self { .init(raw: ZMQ_TCP_KEEPALIVE_INTVL) }
    package static var tcpKeepaliveCount: Self { .init(raw: ZMQ_TCP_KEEPALIVE_CNT) }
    /// 1: peers have to encrypt, and to know the socket's key.
    package static var curveServer: Self { .init(raw: ZMQ_CURVE_SERVER) }
}

extension SocketOption where Value == Int64 {
    /// The largest frame that a peer may send, in bytes; a peer that announces a larger one is disconnected.
    package static var maxMessageSize: Self { .init(raw: ZMQ_MAXMSGSIZE) }
}

extension SocketOption where Value == String {
    /// The identity that this socket announces to its peers. Takes effect only if set before `bind` or `connect`.
    package static var routingID: Self { .init(raw: ZMQ_ROUTING_ID) }
    /// Subscribes to the messages whose first frame begins with this text. May be set several times.
    package static var subscribe: Self { .init(raw: ZMQ_SUBSCRIBE) }
    /// The name under which the decision about a peer is asked for (ZAP, RFC 27); without one, nobody is asked about plain
    /// peers. If nobody answers, all are admitted, encrypted ones without a name.
    package static var zapDomain: Self { .init(raw: ZMQ_ZAP_DOMAIN) }
    /// The socket's own keys, and the one that the other side has to prove; in Z85.
    package static var curvePublicKey: Self { .init(raw: ZMQ_CURVE_PUBLICKEY) }
    package static var curveSecretKey: Self { .init(raw: ZMQ_CURVE_SECRETKEY) }
    package static var curveServerKey: Self { .init(raw: ZMQ_CURVE_SERVERKEY) }
    /// The endpoint that the socket is bound or connected to, as libzmq writes it. Read only.
    package static var lastEndpoint: Self { .init(raw: ZMQ_LAST_ENDPOINT) }
}
