import Glibc
import Testing

@testable import Lymph
@testable import ZeroMQ

/// A ROUTER with its return paths, and peers that are connected to it, all on the test's thread.
final class RouterBench {
    /// What a peer receives as one ØMQ message: one message in five frames, or several in one frame.
    enum Received: Equatable {
        case alone(UInt128)
        case packed([UInt128])
        case nothing
    }

    /// The fate of messages that had been accepted.
    enum Told: Equatable {
        case blocked(Endpoint)
        case undeliverable(UInt128, Route, LymphError.Code)
        case other(String)
    }

    private let context: Context
    private let router: Socket
    private let address: String
    private let configuration = SocketConfiguration(ip: "127.0.0.1", port: 0, maxMessageBytes: 1 << 26)
    private let highWaterMark: Int32
    private let wakeup = Wakeup()
    private let pollSet: PollSet
    private var peers: [Endpoint: (socket: Socket, token: PollSet.Token)] = [:]
    private let incoming = Multipart()
    private var ways = ReturnPaths()

    /// - Parameter highWaterMark: How many messages each side queues.
    init(highWaterMark: Int32 = 1000) throws {
        self.highWaterMark = highWaterMark
        context = try Context()
        pollSet = PollSet(wakeup: wakeup.descriptor)
        router = try Socket(.router, in: context)
        try configuration.apply(to: router)
        try router.set(.sendHighWaterMark, highWaterMark)
        // A peer that does not read does not answer heartbeats either, and the machine may be slow for long.
        try router.set(.heartbeatInterval, 0)
        try router.bind("tcp://127.0.0.1:*")
        address = try router.get(.lastEndpoint)
        _ = pollSet.add(router, for: .readable) { _ in }
    }

    func end() {
        for peer in Array(peers.keys) { disconnect(peer) }
        router.close()
        context.terminate()
    }

    /// Connects a peer, and waits until the router knows it.
    func connect(_ peer: Endpoint) throws {
        let socket = try Socket(.dealer, in: context)
        try configuration.applyToDealer(socket, identity: peer, peer: try #require(Endpoint(address)))
        try socket.set(.receiveHighWaterMark, highWaterMark)
        try socket.set(.heartbeatInterval, 0)
        peers[peer] = (socket, pollSet.add(socket, for: .readable) { _ in })
        try socket.connect(address)
        var hello = try ZeroMQ.Message(copying: "hello")
        try wait { try socket.send(&hello, more: false) == .done }
        try wait { try router.receive(into: incoming) == .done }
        #expect(incoming.withUnsafeBytes(at: 0) { String(decoding: $0, as: UTF8.self) } == peer.description)
    }

    func disconnect(_ peer: Endpoint) {
        guard let (socket, token) = peers.removeValue(forKey: peer) else { return }
        pollSet.remove(token)
        socket.close()
    }

    /// Waits until a condition becomes true that depends on sockets.
    func wait(sourceLocation: SourceLocation = #_sourceLocation, for condition: () throws -> Bool) throws {
        let end = ContinuousClock.now + .seconds(30)
        while try !condition() {
            try #require(ContinuousClock.now < end, "it did not become true", sourceLocation: sourceLocation)
            _ = try pollSet.wait(milliseconds: 10)
            pollSet.dispatch()
        }
    }

    // MARK: What is tested

    /// Notes whether a peer takes packed frames.
    func note(_ takesPacked: Bool, of peer: Endpoint, isNewcomer: Bool = true) {
        ways.note(takesPacked, of: peer, isNewcomer: isNewcomer)
    }

    /// Answers a request with this id.
    func send(_ id: UInt128, to peer: Endpoint, byteCount: Int = 1) throws -> Attempt {
        try ways.send(Self.answer(.number(id), byteCount), to: peer, on: router)
    }

    /// Answers a request whose id does not fit a packed frame.
    func send(_ id: String, to peer: Endpoint) throws -> Attempt {
        try ways.send(Self.answer(.text(id), 1), to: peer, on: router)
    }

    /// Begins an answer, and finds that there is no memory for its frames.
    func sendWithoutMemory(to peer: Endpoint) throws {
        _ = try router.send(to: peer.description) { () throws(ZMQError) in
            throw ZMQError(code: ENOMEM, function: "zmq_msg_init_size")
        }
    }

    func flush() -> [Told] {
        ways.flush(on: router).map { event in
            switch event {
            case .blocked(.back(let peer)): return .blocked(peer)
            case .undeliverable(let message, let route, let error):
                guard case .answer(.number(let id)) = message.purpose, Self.isWhole(message, id) else { break }
                return .undeliverable(id, route, error.code)
            default: break
            }
            return .other("\(event)")
        }
    }

    /// How many return paths have unsent messages.
    var unsent: Int { ways.count }

    // MARK: The peers' side

    /// What a peer receives next.
    func next(_ peer: Endpoint, sourceLocation: SourceLocation = #_sourceLocation) throws -> Received {
        var received = Received.nothing
        try wait(sourceLocation: sourceLocation) {
            received = try receive(peer, sourceLocation: sourceLocation)
            return received != .nothing
        }
        return received
    }

    /// What a peer has received, if anything.
    func receive(_ peer: Endpoint, sourceLocation: SourceLocation = #_sourceLocation) throws -> Received {
        let socket = try #require(peers[peer]?.socket)
        guard try socket.receive(into: incoming) == .done else { return .nothing }
        let frames = (0..<incoming.count).map { index in incoming.withUnsafeBytes(at: index) { [UInt8]($0) } }
        var messages: [Lymph.Message] = []
        if frames.count == 1 {
            try frames[0].withUnsafeBytes { try PackedFrame.read($0, sender: Peer(peer)) { messages.append($0) } }
        } else {
            messages.append(try Lymph.Message(frames: frames, sender: Peer(peer)))
        }
        let ids = messages.map { message in
            guard case .answer(let answered) = message.purpose else { return UInt128.max }
            let id = if case .number(let number) = answered { number } else { UInt128(answered.description) ?? .max }
            #expect(Self.isWhole(message, id), sourceLocation: sourceLocation)
            return id
        }
        return frames.count == 1 ? .packed(ids) : .alone(ids[0])
    }

    private static func answer(_ id: MessageID, _ byteCount: Int) -> Lymph.Message {
        let byte =
            switch id {
            case .number(let number): UInt8(number % 128)
            case .text(let text): UInt8(text) ?? 0
            }
        return Lymph.Message(
            id: .number(1 << 100), kind: .reply, purpose: .answer(id),
            headers: .answer(version: .noInterface, trace: TraceID(7), isSameConnection: true),
            payload: .bytes([UInt8](repeating: byte, count: byteCount)))
    }

    private static func isWhole(_ message: Lymph.Message, _ id: UInt128) -> Bool {
        message.kind == .reply && message.headers.trace == TraceID(7)
            && message.payload.withUnsafeBytes { !$0.isEmpty && $0.allSatisfy { $0 == UInt8(id % 128) } }
    }
}
