import Glibc
import Testing
import ZeroMQ

@testable import Lymph

/// What the transport tells about peers whose connections end.
@Suite("Peers that leave", .timeLimit(.minutes(1)))
struct LeavingPeersTests {
    /// Runs `body` with a transport and two peers that have no connection yet.
    private func withPeers(_ body: (Listener, [RawPeer]) async throws -> Void) async throws {
        let listener = Listener()
        let endpoint = try await listener.open()
        var peers: [RawPeer] = []
        for _ in 0..<2 { peers.append(try await RawPeer(Fixture(.zeroMQ), target: endpoint)) }
        for peer in peers { await peer.disconnect() }
        let result: Result<Void, any Error>
        do { result = .success(try await body(listener, peers)) } catch { result = .failure(error) }
        for peer in peers { await peer.close() }
        await listener.close()
        try result.get()
    }

    private func message(frameCount: Int = 5) -> [[UInt8]] {
        // A single frame like this is malformed, which makes no difference here.
        Array(frames(kind: "REQ", about: "a.b", headers: [0x80], body: [0x80]).prefix(frameCount))
    }

    @Test("a peer leaves with its connection, and is heard again on the next one", arguments: [1, 5])
    func backAndForth(frameCount: Int) async throws {
        try await withPeers { listener, peers in
            var expected: [String] = []
            // The peers get the same descriptor, one after the other.
            for round in 0..<6 {
                let peer = peers[round % 3 == 0 ? 0 : 1]
                try await peer.reconnect()
                let name = await peer.endpoint
                for _ in 0..<2 { try await peer.send(message(frameCount: frameCount)) }
                expected += ["\(name)", "\(name)"]
                try await eventually { listener.events.count == expected.count }
                await peer.disconnect()
                expected.append("\(name) has left")
                try await eventually { listener.events.count == expected.count }
            }
            #expect(listener.events == expected)
        }
    }

    @Test("a peer that is back before its old connection ends does not leave with that")
    func replaced() async throws {
        try await withPeers { listener, peers in
            let (first, other) = (peers[0], peers[1])
            let name = await first.endpoint
            try await first.reconnect()
            try await first.send(message())
            try await eventually { listener.events.count == 1 }
            let second = try await RawPeer(
                Fixture(.zeroMQ), target: await listener.endpoint, identity: name.description)
            try await second.send(message())
            try await eventually { listener.events.count == 2 }
            await first.disconnect()
            await second.disconnect()
            try await eventually { listener.events.count == 3 }
            try await other.reconnect()
            try await other.send(message())
            let last = await other.endpoint
            try await eventually { listener.events.last == "\(last)" }
            #expect(listener.events == ["\(name)", "\(name)", "\(name) has left", "\(last)"])
            await second.close()
        }
    }

    @Test("what is read after the end of a connection is received, and does not hide that the peer has left")
    func leftovers() async throws {
        try await withPeers { listener, peers in
            let peer = peers[0]
            let name = await peer.endpoint
            try await peer.reconnect()
            try await peer.send(message())
            try await eventually { listener.events.count == 1 }
            let busy = Lock(true)
            listener.thread.execute { while busy.withLock({ $0 }) { usleep(1000) } }
            // More than are read in one go, and fewer than libzmq keeps.
            for _ in 0..<700 { try await peer.send(message()) }
            await peer.disconnect()
            // Long enough for libzmq to notice. If it were not, the test would check nothing, but still pass.
            try await Task.sleep(for: .milliseconds(200))
            busy.withLock { $0 = false }
            try await eventually {
                let events = listener.events
                return events.count { $0 == "\(name)" } == 701 && events.last == "\(name) has left"
            }
        }
    }
}

/// A transport that notes what it is told.
private actor Listener {
    nonisolated let thread: PollThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let transport: ZeroMQTransport
    private(set) var endpoint = Endpoint.number(1)
    private nonisolated let log = Lock<[String]>([])

    /// The senders of messages, and who has left.
    nonisolated var events: [String] { log.withLock(\.self) }

    init() {
        thread = PollThread(name: "listener")
        transport = ZeroMQTransport(
            thread: thread, configuration: SocketConfiguration(ip: "127.0.0.1", port: 0, maxMessageBytes: 1 << 20))
    }

    deinit { thread.stop() }

    func open() throws -> Endpoint {
        endpoint = try transport.open { [log] event in
            // The peers have begun connections before.
            if case .dropped = event { return }
            let text =
                switch event {
                case .message(_, let route), .malformed(_, let route): "\(route.peer)"
                case .left(let peer): "\(peer) has left"
                default: "\(event)"
                }
            log.withLock { $0.append(text) }
        }.endpoint
        return endpoint
    }

    func close() { transport.close(grace: .zero) }
}
