import CZeroMQ
import Glibc
import Testing

@testable import ZeroMQ

@Suite("Sockets")
struct SocketTests {
    /// A context and its sockets, which end together.
    private final class Bench {
        let context: Context
        private var sockets: [Socket] = []

        init() throws { context = try Context() }

        func socket(_ kind: SocketKind) throws -> Socket {
            let socket = try Socket(kind, in: context)
            sockets.append(socket)
            return socket
        }

        func end() {
            for socket in sockets { socket.close() }
            context.terminate()
        }
    }

    /// The value of an option as the library reports it.
    private func value<T: FixedWidthInteger>(of option: Int32, in socket: Socket, as type: T.Type) throws -> T {
        var value = T.zero
        var size = MemoryLayout<T>.size
        try check("zmq_getsockopt") { zmq_getsockopt(socket.raw, option, &value, &size) }
        return value
    }

    private static let numbers: [(SocketOption<Int32>, Int32, [Int32])] = [
        (.linger, ZMQ_LINGER, [0, 100, -1]), (.sendHighWaterMark, ZMQ_SNDHWM, [1, 1000]),
        (.receiveHighWaterMark, ZMQ_RCVHWM, [1, 1000]),
        (.handshakeInterval, ZMQ_HANDSHAKE_IVL, [0, 2000]), (.reconnectInterval, ZMQ_RECONNECT_IVL, [100, -1]),
        (.reconnectIntervalMax, ZMQ_RECONNECT_IVL_MAX, [0, 1000]), (.connectTimeout, ZMQ_CONNECT_TIMEOUT, [0, 3000]),
        (.backlog, ZMQ_BACKLOG, [1, 1024]), (.ipv6, ZMQ_IPV6, [1, 0]),
        (.heartbeatInterval, ZMQ_HEARTBEAT_IVL, [0, 5000]), (.heartbeatTimeout, ZMQ_HEARTBEAT_TIMEOUT, [0, 15_000]),
        (.heartbeatTTL, ZMQ_HEARTBEAT_TTL, [0, 15_000]), (.tcpKeepalive, ZMQ_TCP_KEEPALIVE, [1, 0, -1]),
        (.tcpKeepaliveIdle, ZMQ_TCP_KEEPALIVE_IDLE, [60, -1]), (.tcpKeepaliveCount, ZMQ_TCP_KEEPALIVE_CNT, [4, -1]),
        (.tcpKeepaliveInterval, ZMQ_TCP_KEEPALIVE_INTVL, [15, -1]),
    ]

    @Test("numeric options are read back as they were set")
    func numbers() throws {
        let bench = try Bench()
        defer { bench.end() }
        for (option, raw, values) in Self.numbers {
            let socket = try bench.socket(.dealer)
            #expect(option.raw == raw)
            for number in values {
                try socket.set(option, number)
                #expect(try value(of: raw, in: socket, as: Int32.self) == number, "option \(raw)")
            }
        }
    }

    @Test("size limits and text options are read back as they were set")
    func others() throws {
        let bench = try Bench()
        defer { bench.end() }
        let socket = try bench.socket(.router)
        for limit: Int64 in [-1, 0, 1 << 40] {
            try socket.set(.maxMessageSize, limit)
            #expect(try value(of: ZMQ_MAXMSGSIZE, in: socket, as: Int64.self) == limit)
        }
        for name in ["a", "tcp://127.0.0.1:4100", "héllo", String(repeating: "x", count: 255)] {
            try socket.set(.routingID, name)
            #expect(try socket.get(.routingID) == name)
        }
        #expect(try socket.get(.lastEndpoint) == "")
    }

    @Test("an invalid value of an option is refused")
    func refused() throws {
        let bench = try Bench()
        defer { bench.end() }
        let socket = try bench.socket(.router)
        let expected = [
            try? socket.set(.sendHighWaterMark, -1), try? socket.set(.ipv6, 2), try? socket.set(.linger, -2),
            try? socket.set(.routingID, String(repeating: "x", count: 256)), try? socket.set(.routingID, ""),
        ]
        #expect(expected.allSatisfy { $0 == nil })
        let error = #expect(throws: ZMQError.self) { try socket.set(.linger, -2) }
        #expect(error == ZMQError(code: EINVAL, function: "zmq_setsockopt", subject: "\(ZMQ_LINGER)"))
        #expect(error?.description == "zmq_setsockopt \(ZMQ_LINGER): Invalid argument")
    }

    @Test("a new socket does not linger")
    func linger() throws {
        let bench = try Bench()
        defer { bench.end() }
        for kind in [SocketKind.router, .dealer, .pair] {
            #expect(try value(of: ZMQ_LINGER, in: bench.socket(kind), as: Int32.self) == 0)
            #expect(try value(of: ZMQ_TYPE, in: bench.socket(kind), as: Int32.self) == kind.raw)
        }
    }

    @Test("an address that is in use is an error")
    func addressInUse() throws {
        let bench = try Bench()
        defer { bench.end() }
        let (first, second) = (try bench.socket(.router), try bench.socket(.router))
        try first.bind("tcp://127.0.0.1:*")
        let endpoint = try first.get(.lastEndpoint)
        #expect(endpoint.hasPrefix("tcp://127.0.0.1:"))
        #expect(endpoint.last?.isNumber == true)
        let error = #expect(throws: ZMQError.self) { try second.bind(endpoint) }
        #expect(error?.isAddressInUse == true)
        #expect(error?.description == "zmq_bind \(endpoint): Address already in use")
        first.close()
    }

    @Test("invalid addresses are errors")
    func badAddresses() throws {
        let bench = try Bench()
        defer { bench.end() }
        for address in ["", "127.0.0.1:4100", "nothing://x", "tcp://127.0.0.1", "tcp://127.0.0.1:65536"] {
            let error = #expect(throws: ZMQError.self) { try bench.socket(.router).bind(address) }
            #expect(error?.isAddressInUse == false)
            #expect(error?.subject == address)
        }
        for address in ["", "127.0.0.1:4100", "nothing://x"] {
            let error = #expect(throws: ZMQError.self) { try bench.socket(.dealer).connect(address) }
            #expect(error?.function.description == "zmq_connect")
            #expect(error?.subject == address)
        }
    }

    @Test("sending without a connection would block, and is refused by a ROUTER that must deliver")
    func noConnection() throws {
        let bench = try Bench()
        defer { bench.end() }
        let dealer = try bench.socket(.dealer)
        var message = Message()
        #expect(try dealer.send(&message, more: false) == .wouldBlock)
        #expect(try dealer.receive(into: &message) == .wouldBlock)
        #expect(try dealer.receive(into: Multipart()) == .wouldBlock)
        #expect(try dealer.readiness() == [])

        let router = try bench.socket(.router)
        try router.set(.routerMandatory, 1)
        var name = try [UInt8]("nobody".utf8).span.withUnsafeBytes { bytes throws(ZMQError) in
            try Message(copying: bytes)
        }
        let error = #expect(throws: ZMQError.self) { try router.send(&name, more: true) }
        #expect(error?.code == EHOSTUNREACH)
        #expect(error?.description == "zmq_msg_send: Host unreachable")
    }

    @Test("readiness tells whether a socket can send and receive")
    func readiness() throws {
        let bench = try Bench()
        defer { bench.end() }
        let (a, b) = (try bench.socket(.pair), try bench.socket(.pair))
        try a.bind("inproc://readiness")
        try b.connect("inproc://readiness")
        #expect(try a.readiness() == .writable)
        var message = Message()
        #expect(try b.send(&message, more: false) == .done)
        #expect(try a.readiness() == [.readable, .writable])
        #expect(try a.receive(into: &message) == .done)
        #expect(try a.readiness() == .writable)
    }

    @Test("closing twice does nothing, and a closed socket refuses everything")
    func closing() throws {
        let bench = try Bench()
        defer { bench.end() }
        let socket = try bench.socket(.dealer)
        socket.close()
        socket.close()
        let error = #expect(throws: ZMQError.self) { try socket.bind("tcp://127.0.0.1:*") }
        #expect(error?.code == ENOTSOCK)
    }
}
