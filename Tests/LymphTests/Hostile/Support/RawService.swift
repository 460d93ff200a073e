import Glibc
import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

/// A service that answers with any frames on the connection it was called on.
actor RawService {
    private enum Kind {
        case zeroMQ(PollThread, Context, Socket, PollSet.Token)
        case inMemory(InMemoryNetwork)
    }

    private nonisolated let loop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private var kind: Kind?
    private let incoming = Multipart()
    private let requests: RawInbox

    /// Where the service is reached.
    nonisolated let endpoint: Endpoint

    /// - Parameter endpoint: Where to bind it; only over real sockets.
    init(_ fixture: Fixture, at wanted: Endpoint? = nil) async throws {
        switch fixture.medium {
        case .zeroMQ:
            let thread = PollThread(name: "raw service")
            loop = thread
            requests = RawInbox(on: thread)
            let context = try Context()
            let router = try Socket(.router, in: context)
            endpoint = try SocketConfiguration(ip: "127.0.0.1", port: wanted?.port ?? 0, maxMessageBytes: 1 << 26)
                .bind(router)
            let token = thread.pollSet.add(router, for: .readable) { [unowned self] _ in assumeIsolated { $0.drain() } }
            kind = .zeroMQ(thread, context, router, token)
        case .inMemory:
            loop = fixture.network.makeLoop()
            requests = RawInbox(on: loop)
            let inbox = Lock<(@Sendable ([[UInt8]]) -> Void)?>(nil)
            let port = InMemoryNetwork.Port(loop: loop) { event in
                guard case .message(let message, _) = event else { return }
                inbox.withLock { $0 }?(message.frames())
            }
            endpoint = try fixture.network.open(port, at: nil)
            kind = .inMemory(fixture.network)
            inbox.withLock { $0 = { [weak self] frames in self?.assumeIsolated { $0.requests.take(frames) } } }
        }
    }

    deinit { loop.stop() }

    private func drain() {
        guard case .zeroMQ(_, _, let router, _) = kind else { return }
        while case .done? = try? router.receive(into: incoming) {
            requests.take((1..<incoming.count).map { incoming.withUnsafeBytes(at: $0) { [UInt8]($0) } })
        }
    }

    /// The id of the next request.
    ///
    /// - Parameter isPing: Whether to accept a heartbeat, which comes when the service has been silent for a while.
    func nextID(orPing isPing: Bool = false) async -> String { await next(orPing: isPing).id }

    /// The next request.
    func next(orPing isPing: Bool = false) async -> (id: String, method: String) {
        var frames = await nextFrames()
        while !isPing, frames[2] == Array("lymph.ping".utf8) { frames = await nextFrames() }
        return (String(decoding: frames[0], as: UTF8.self), String(decoding: frames[2], as: UTF8.self))
    }

    /// The frames of the next message; five empty ones if none comes within a generous time.
    func nextFrames(sourceLocation: SourceLocation = #_sourceLocation) async -> [[UInt8]] {
        await requests.next(isolation: self, sourceLocation: sourceLocation)
    }

    /// The frames of the next message, skipping heartbeats in five frames.
    func nextFramesOfCall() async -> [[UInt8]] {
        var frames = await nextFrames()
        while frames.count == 5, frames[2] == Array("lymph.ping".utf8) { frames = await nextFrames() }
        return frames
    }

    /// Sends frames to a client that called before, on its own connection.
    func send(_ frames: [[UInt8]], to client: Endpoint) throws {
        switch kind {
        case .zeroMQ(_, _, let router, _):
            let all = [Array(client.description.utf8)] + frames
            for (index, frame) in all.enumerated() {
                var message = try frame.span.withUnsafeBytes { bytes throws(ZMQError) in
                    try ZeroMQ.Message(copying: bytes)
                }
                let attempt = try router.send(&message, more: index < all.count - 1)
                guard case .done = attempt else { throw ZMQError(code: EAGAIN, function: "send") }
            }
        case .inMemory(let network):
            network.deliver(frames, to: client, over: .dial(endpoint))
        case nil: break
        }
    }

    func close() {
        switch kind {
        case .zeroMQ(let thread, let context, let router, let token):
            thread.pollSet.remove(token)
            // Sent messages must arrive.
            try? router.set(.linger, 1000)
            router.close()
            context.terminate()
        case .inMemory(let network): network.close(endpoint)
        case nil: break
        }
        kind = nil
    }
}
