import Glibc
import ZeroMQ

@testable import Lymph

/// Connections without a library behind them, for what no library would send.
///
/// It has its own thread, which its calls may block.
actor RawTCP {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private nonisolated let thread = PollThread(name: "raw tcp")
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private var opened: Set<Int32> = []

    deinit {
        for descriptor in opened { Glibc.close(descriptor) }
        thread.stop()
    }

    /// Connects to 127.0.0.1.
    func open(to endpoint: Endpoint) throws -> Int32 {
        let descriptor = try makeSocket()
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = endpoint.port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw Failure(description: "connect: error \(errno)") }
        var isOn: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
    }

    /// Connects and shakes hands as a DEALER.
    func open(to endpoint: Endpoint, identity: [UInt8]) throws -> Int32 {
        let descriptor = try open(to: endpoint)
        // libzmq ends a connection whose READY comes together with the greeting.
        try send(ZMTP.greeting, on: descriptor)
        guard receive(64, on: descriptor).count == 64 else { throw Failure(description: "no greeting") }
        try send(ZMTP.ready(identity: identity), on: descriptor)
        let header = receive(2, on: descriptor)
        guard header.first == 4, let count = header.last, receive(Int(count), on: descriptor).count == count else {
            throw Failure(description: "no READY")
        }
        return descriptor
    }

    private func makeSocket() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(description: "socket: error \(errno)") }
        opened.insert(descriptor)
        // Nothing may block a test for longer than this.
        var time = timeval(tv_sec: 20, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
        return descriptor
    }

    /// Sends all of it.
    func send(_ bytes: [UInt8], on descriptor: Int32) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "send: error \(errno) after \(sent) bytes") }
            sent += count
        }
    }

    /// Receives up to `count` bytes; fewer if the other side closes the connection before.
    func receive(_ count: Int, on descriptor: Int32) -> [UInt8] {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(count, 65_536))
        while received.count < count {
            let code = buffer.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress, min($0.count, count - received.count), 0)
            }
            guard code > 0 else { break }
            received += buffer[..<code]
        }
        return received
    }

    /// Waits until the other side has ended the connection.
    ///
    /// - Returns: false if it has not within 4 s; soon after, a missing heartbeat would be the reason.
    func isEnded(_ descriptor: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var isOver: Bool?
        let end = ContinuousClock.now + .seconds(4)
        while isOver == nil, ContinuousClock.now < end {
            var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&item, 1, 100) > 0 else { continue }
            let (code, error) = buffer.withUnsafeMutableBytes { bytes in
                let code = recv(descriptor, bytes.baseAddress, bytes.count, 0)
                return (code, errno)
            }
            if code <= 0 && !(code < 0 && error == EINTR) { isOver = true }
        }
        return isOver ?? false
    }

    func close(_ descriptor: Int32) {
        if opened.remove(descriptor) != nil { Glibc.close(descriptor) }
    }

    /// Shuts down sending on every connection, and waits until the other side has closed it. Sent data has
    /// arrived by then; an ordinary close could overtake it.
    func finishAll() {
        for descriptor in opened {
            shutdown(descriptor, Int32(SHUT_WR))
            _ = isEnded(descriptor)
        }
        closeAll()
    }

    func closeAll() {
        for descriptor in opened { Glibc.close(descriptor) }
        opened = []
    }

    // MARK: Listening

    /// Listens on a free port of 127.0.0.1.
    func listen() throws -> (descriptor: Int32, endpoint: Endpoint) {
        let descriptor = try makeSocket()
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && Glibc.listen(descriptor, 128) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard code else { throw Failure(description: "listen: error \(errno)") }
        return (descriptor, try Endpoint(host: "127.0.0.1", port: UInt16(bigEndian: address.sin_port)))
    }

    /// The next connection to a socket that listens.
    func accept(on descriptor: Int32) throws -> Int32 {
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { throw Failure(description: "accept: error \(errno)") }
        opened.insert(accepted)
        return accepted
    }
}

/// The bytes of ØMQ's protocol, written by hand.
enum ZMTP {
    static let greeting = greeting(minor: 0)

    static func greeting(minor: UInt8) -> [UInt8] {
        [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, minor] + Array("NULL".utf8)
            + [UInt8](repeating: 0, count: 16 + 1 + 31)
    }

    /// The command that ends the handshake.
    static func ready(identity: [UInt8], socketType: String = "DEALER") -> [UInt8] {
        let properties = property("Socket-Type", Array(socketType.utf8)) + property("Identity", identity)
        return command("READY", properties)
    }

    static func command(_ name: String, _ data: [UInt8] = []) -> [UInt8] {
        let body = [UInt8(name.utf8.count)] + Array(name.utf8) + data
        return header(flags: 4, count: UInt64(body.count)) + body
    }

    private static func property(_ name: String, _ value: [UInt8]) -> [UInt8] {
        [UInt8(name.utf8.count)] + Array(name.utf8) + withUnsafeBytes(of: UInt32(value.count).bigEndian) { Array($0) }
            + value
    }

    /// The header of a frame. Flags: 1 another frame follows, 4 a command.
    static func header(flags: UInt8, count: UInt64) -> [UInt8] {
        count < 256
            ? [flags, UInt8(count)] : [flags | 2] + withUnsafeBytes(of: count.bigEndian) { Array($0) }
    }

    /// A whole message.
    static func message(_ frames: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, frame) in frames.enumerated() {
            bytes += header(flags: index < frames.count - 1 ? 1 : 0, count: UInt64(frame.count)) + frame
        }
        return bytes
    }
}
