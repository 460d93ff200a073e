import Testing
import ZeroMQ

@testable import Lymph

@Suite("Connections that can't be restored", .timeLimit(.minutes(1)))
struct RefusedConnectionTests {
    @Test("where nobody listens any more, a lost connection is refused when it is to be restored, once each time")
    func refused() async throws {
        let caller = try await Caller()
        var service = try Service()
        let peer = service.endpoint
        await caller.send(to: peer)
        try await eventually { caller.told() == ["writable"] }
        for _ in 0..<2 {
            service.close()
            try await eventually { caller.told().last == "disconnected" }
            await caller.reconnect(to: peer)
            try await eventually { caller.told().last == "refused" }
            service = try Service(at: peer)
            try await eventually { caller.told().last == "writable" }
        }
        #expect(
            caller.told() == [
                "writable", "disconnected", "refused", "writable", "disconnected", "refused", "writable",
            ])
        service.close()
        await caller.close()
    }

    @Test("a peer to which there was no connection is not refused: it may be starting")
    func never() async throws {
        let caller = try await Caller()
        let service = try Service()
        let peer = service.endpoint
        service.close()
        await caller.send(to: peer)
        await caller.reconnect(to: peer)
        // The first attempt to connect was in vain.
        let successor = try Service(at: peer)
        try await eventually { !caller.told().isEmpty }
        #expect(caller.told() == ["writable"])
        successor.close()
        await caller.close()
    }

    @Test("a peer that listens and says nothing is not refused, and sees only one connection besides libzmq's")
    func mute() async throws {
        let caller = try await Caller()
        let service = try Service()
        let peer = service.endpoint
        await caller.send(to: peer)
        try await eventually { caller.told() == ["writable"] }
        service.close()
        try await eventually { caller.told().last == "disconnected" }
        let listener = try TCPListener(at: peer)
        await caller.reconnect(to: peer)
        // Closed at once, so libzmq tries again; one is the probe's.
        for _ in 0..<4 { try await listener.accept() }
        #expect(caller.told() == ["writable", "disconnected"])
        listener.stop()
        await caller.close()
    }

    /// A ROUTER, as a service has it.
    private struct Service {
        let endpoint: Endpoint
        private let context: Context
        private let router: Socket

        init(at wanted: Endpoint? = nil) throws {
            context = try Context()
            router = try Socket(.router, in: context)
            endpoint = try SocketConfiguration(ip: "127.0.0.1", port: wanted?.port ?? 0, maxMessageBytes: 1 << 20)
                .bind(router)
        }

        func close() {
            router.close()
            context.terminate()
        }
    }

    /// A transport that notes what it reports.
    private final class Caller: @unchecked Sendable {  // The transport is used only on the thread.
        private let thread = PollThread(name: "caller")
        private let transport: ZeroMQTransport
        private let events = Lock<[String]>([])

        init() async throws {
            transport = ZeroMQTransport(
                thread: thread,
                configuration: SocketConfiguration(ip: "127.0.0.1", port: 0, maxMessageBytes: 1 << 20))
            await run { [events] transport in
                _ = try? transport.open { event in
                    let name: String? =
                        switch event {
                        case .writable: "writable"
                        case .disconnected: "disconnected"
                        case .refused: "refused"
                        default: nil
                        }
                    if let name { events.withLock { $0.append(name) } }
                }
            }
        }

        deinit { thread.stop() }

        func told() -> [String] { events.withLock(\.self) }

        func send(to peer: Endpoint) async {
            let message = Lymph.Message.request(1)
            await run { _ = try? $0.send(message, over: .dial(peer)) }
        }

        func reconnect(to peer: Endpoint) async { await run { $0.carryOut(.reconnect, on: peer) } }

        func close() async { await run { $0.close(grace: .zero) } }

        private func run(_ body: @escaping @Sendable (ZeroMQTransport) -> Void) async {
            await withCheckedContinuation { continuation in
                thread.execute { [self] in
                    body(transport)
                    continuation.resume()
                }
            }
        }
    }
}
