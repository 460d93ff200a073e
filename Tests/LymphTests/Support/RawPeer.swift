import Glibc
import MessagePack
import Testing

@testable import Lymph
@testable import ZeroMQ

/// A peer that sends and receives raw frames, as Python lymph would: its answers come to a separate socket,
/// not back on its connection.
actor RawPeer {
    private enum Kind {
        case zeroMQ(PollThread, Context, router: Socket, dealer: Socket)
        case inMemory(InMemoryNetwork)
    }

    private nonisolated let loop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private var kind: Kind?
    private var token: PollSet.Token?
    private let incoming = Multipart()
    private let inbox: RawInbox

    /// Where the peer is reached.
    private(set) var endpoint: Endpoint
    /// The receiver of its messages.
    private let target: Endpoint
    private let identity: String?

    /// - Parameter identity: The peer's identity, if that is not its endpoint.
    init(_ fixture: Fixture, target: Endpoint, identity: String? = nil) async throws {
        self.target = target
        self.identity = identity
        endpoint = target
        switch fixture.medium {
        case .inMemory:
            loop = fixture.network.makeLoop()
            inbox = RawInbox(on: loop)
            try openInMemory(fixture.network, at: nil)
        case .zeroMQ:
            let thread = PollThread(name: "raw peer")
            loop = thread
            inbox = RawInbox(on: thread)
            try openZeroMQ(on: thread)
        }
    }

    deinit { loop.stop() }

    private func openInMemory(_ network: InMemoryNetwork, at wanted: Endpoint?) throws {
        let port = InMemoryNetwork.Port(loop: loop) { [weak self] event in
            guard case .message(let message, _) = event, let self else { return }
            self.assumeIsolated { $0.inbox.take(message.frames()) }
        }
        endpoint = try network.open(port, at: wanted)
        kind = .inMemory(network)
    }

    private func openZeroMQ(on thread: PollThread) throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        // A connection that breaks under load comes back; without this the second one would be ignored.
        try router.set(.routerHandover, 1)
        // The kernel would keep up to tens of megabytes for a peer that pauses.
        try router.set(.receiveBuffer, 1 << 16)
        endpoint = try SocketConfiguration(ip: "127.0.0.1", port: 0, maxMessageBytes: 1 << 26).bind(router)
        kind = .zeroMQ(thread, context, router: router, dealer: try dial(in: context))
        resume()
    }

    private func dial(in context: Context) throws -> Socket {
        let dealer = try Socket(.dealer, in: context)
        // What a test sends isn't lost because the service is slow to take it.
        try dealer.set(.sendHighWaterMark, 0)
        try dealer.set(.routingID, identity ?? endpoint.description)
        try dealer.connect(target.description)
        return dealer
    }

    /// Ends its connection to the service when everything is sent. It sends nothing more until ``reconnect()``.
    func disconnect() {
        switch kind {
        case .zeroMQ(_, _, _, let dealer):
            try? dealer.set(.linger, 10_000)
            dealer.close()
        case .inMemory(let network): network.close(endpoint)
        case nil: break
        }
    }

    /// Makes another connection to the service.
    func reconnect() throws {
        switch kind {
        case .zeroMQ(let thread, let context, let router, _):
            kind = .zeroMQ(thread, context, router: router, dealer: try dial(in: context))
        case .inMemory(let network): try openInMemory(network, at: endpoint)
        case nil: break
        }
    }

    /// Stops reading until ``resume()``. Only over real sockets.
    func pause() {
        if case .zeroMQ(let thread, _, _, _) = kind, let token { thread.pollSet.remove(token) }
        token = nil
    }

    func resume() {
        guard case .zeroMQ(let thread, _, let router, _) = kind, token == nil else { return }
        token = thread.pollSet.add(router, for: .readable) { [unowned self] _ in assumeIsolated { $0.drain() } }
    }

    private func drain() {
        guard case .zeroMQ(_, _, let router, _) = kind else { return }
        while case .done? = try? router.receive(into: incoming) {
            inbox.take((1..<incoming.count).map { incoming.withUnsafeBytes(at: $0) { [UInt8]($0) } })
        }
    }

    /// Sends frames as they are.
    func send(_ frames: [[UInt8]]) throws {
        switch kind {
        case .zeroMQ(_, _, _, let dealer):
            for (index, frame) in frames.enumerated() {
                var message = try frame.span.withUnsafeBytes { bytes throws(ZMQError) in
                    try ZeroMQ.Message(copying: bytes)
                }
                let attempt = try dealer.send(&message, more: index < frames.count - 1)
                guard case .done = attempt else { throw ZMQError(code: EAGAIN, function: "send") }
            }
        case .inMemory(let network):
            network.deliver(frames, to: target, over: .back(endpoint))
        case nil: break
        }
    }

    /// Sends a request whose headers and body are MessagePack.
    func request(_ subject: String, _ body: Value, id: String, headers: Value = [:]) throws {
        try send([
            [UInt8](id.utf8), [UInt8]("REQ".utf8), [UInt8](subject.utf8), try headers.encoded(), try body.encoded(),
        ])
    }

    /// Withdraws a request.
    func cancel(_ id: String) throws {
        try send([[UInt8]("0".utf8), [UInt8]("CANCEL".utf8), [UInt8](id.utf8), [0x80], []])
    }

    /// The next answer; an empty one if none comes within a generous time, and from then on.
    func next(sourceLocation: SourceLocation = #_sourceLocation) async -> RawAnswer {
        RawAnswer(await inbox.next(isolation: self, sourceLocation: sourceLocation))
    }

    /// The answers up to that to a ping, after which nothing sent earlier can arrive.
    func answersUntilPing() async throws -> [RawAnswer] {
        try request("lymph.ping", [:], id: "the last")
        var answers: [RawAnswer] = []
        while case let answer = await next(), answer.subject != "the last", !inbox.hasGivenUp { answers.append(answer) }
        return answers
    }

    func close() {
        pause()
        switch kind {
        case .zeroMQ(_, let context, let router, let dealer):
            router.close()
            dealer.close()
            context.terminate()
        case .inMemory(let network): network.close(endpoint)
        case nil: break
        }
        kind = nil
    }
}

extension SocketOption where Value == Int32 {
    /// `ZMQ_RCVBUF`: the size of the kernel's buffer, in bytes.
    fileprivate static var receiveBuffer: Self { .init(raw: 12) }
}

/// An answer in its five frames.
struct RawAnswer: Sendable {
    let frames: [[UInt8]]

    init(_ frames: [[UInt8]]) { self.frames = frames }

    var id: String { String(decoding: frames[0], as: UTF8.self) }
    var kind: String { String(decoding: frames[1], as: UTF8.self) }
    var subject: String { String(decoding: frames[2], as: UTF8.self) }
    var headers: Value { (try? Value(decoding: frames[3])) ?? .nil }
    var body: Value { (try? Value(decoding: frames[4])) ?? .string("not MessagePack") }
}

/// Runs `body` with an echo service and a raw peer that is connected to it.
func withRawPeer<R: Sendable>(
    _ medium: Medium, interfaces: [InterfaceDefinition] = [.init(EchoService.self, as: "echo")],
    server: (inout PeerConfiguration) -> Void = { _ in },
    _ body: (RawPeer, ServiceContainer) async throws -> R
) async throws -> R {
    let fixture = Fixture(medium)
    let container = try fixture.container(interfaces, server)
    return try await withServiceContainer(container) { endpoint in
        let peer = try await RawPeer(fixture, target: endpoint)
        let result: Result<R, any Error>
        do { result = .success(try await body(peer, container)) } catch { result = .failure(error) }
        await peer.close()
        return try result.get()
    }
}
