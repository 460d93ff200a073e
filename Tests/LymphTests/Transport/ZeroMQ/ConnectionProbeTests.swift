import Glibc
import Testing
import ZeroMQ

@testable import Lymph

@Suite("Probes of lost connections", .timeLimit(.minutes(1)))
struct ConnectionProbeTests {
    @Test("only one answer means that nobody listens")
    func outcomes() {
        #expect(ConnectionProbe.outcome(0) == .connected)
        #expect(ConnectionProbe.outcome(ECONNREFUSED) == .refused)
        let others = [
            ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, ENETDOWN, ECONNRESET, EACCES, EPERM, EADDRNOTAVAIL, ENOBUFS, EMFILE,
        ]
        for code in others { #expect(ConnectionProbe.outcome(code) == .undecided) }
    }

    /// What a probe has found out in the end.
    private func outcome(_ probe: ConnectionProbe) async throws -> ConnectionProbe.Outcome {
        try await eventually(within: .seconds(30)) {
            if case .pending = probe.outcome {
                var ready = pollfd(fd: probe.descriptor, events: Int16(POLLOUT), revents: 0)
                guard poll(&ready, 1, 0) > 0 else { return false }
                probe.update()
            }
            return true
        }
        return probe.outcome
    }

    @Test("where somebody listens it connects, after that it is refused", arguments: ["127.0.0.1", "::ffff:127.0.0.1"])
    func listener(host: String) async throws {
        let listener = try TCPListener()
        let endpoint = try Endpoint(host: host, port: listener.endpoint.port)
        #expect(try await outcome(try #require(ConnectionProbe(endpoint))) == .connected)
        listener.stop()
        #expect(try await outcome(try #require(ConnectionProbe(endpoint))) == .refused)
    }

    @Test("over IPv6, too", .enabled(if: hasIPv6))
    func listenerIPv6() async throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        try router.set(.ipv6, 1)
        let endpoint = try SocketConfiguration(ip: "::1", port: 0, maxMessageBytes: 1 << 20).bind(router)
        #expect(try await outcome(try #require(ConnectionProbe(endpoint))) == .connected)
        router.close()
        context.terminate()
        #expect(try await outcome(try #require(ConnectionProbe(endpoint))) == .refused)
    }

    @Test("without an answer it ends after a while, and says nothing")
    func silence() async throws {
        let silent = try SilentListener()
        defer { silent.stop() }
        let probe = try #require(ConnectionProbe(silent.endpoint))
        #expect(probe.outcome == .pending)
        #expect(try await outcome(probe) == .undecided)
    }

    @Test("a lost peer that is refused is reported, once")
    func reported() async throws {
        let bench = Bench()
        let gone = try unused()
        await bench.run { $0.probe(gone) }
        #expect(await bench.told() == [], "it was not lost")
        await bench.run { $0.add(gone) }
        #expect(await bench.told() == [])
        await bench.run { $0.probe(gone) }
        #expect(await bench.told() == [gone])
        await bench.run { $0.probe(gone) }
        #expect(await bench.told() == [gone])
        await bench.run {
            $0.add(gone)
            $0.remove(gone)
            $0.probe(gone)
        }
        #expect(await bench.told() == [gone])
        await bench.run {
            $0.add(gone)
            $0.probe(gone)
        }
        #expect(await bench.told() == [gone, gone])
    }

    @Test("a peer that is there sees one probe")
    func seenOnce() async throws {
        let bench = Bench()
        let listener = try TCPListener()
        let peer = listener.endpoint
        await bench.run {
            $0.add(peer)
            $0.probe(peer)
        }
        try await listener.accept()
        try await eventually { await bench.run { $0.count } == 0 }
        listener.stop()
        await bench.run { $0.probe(peer) }
        #expect(await bench.told() == [])
    }

    @Test("an answer that takes its time is waited for, unless the peer is no longer of interest")
    func late() async throws {
        let bench = Bench()
        let silent = try SilentListener()
        let (peer, other) = (silent.endpoint, try Endpoint(host: "127.0.0.2", port: silent.endpoint.port))
        await bench.run {
            for peer in [peer, other] {
                $0.add(peer)
                $0.probe(peer)
                $0.probe(peer)
            }
        }
        #expect(await bench.run { $0.count } == 2)
        await bench.run { $0.remove(other) }
        #expect(await bench.run { $0.count } == 1)
        // The system repeats its attempt after a second, and is refused then.
        silent.stop()
        try await eventually { await bench.told() == [peer] }
        #expect(await bench.run { $0.count } == 0)
    }

    @Test("a peer behind too many probes gets its own later")
    func limit() async throws {
        let bench = Bench()
        let silent = try SilentListener()
        defer { silent.stop() }
        let peers = try (0..<16).map { try Endpoint(host: "127.0.0.\($0 + 2)", port: silent.endpoint.port) }
        let gone = try unused()
        await bench.run {
            for peer in peers + [gone] {
                $0.add(peer)
                $0.probe(peer)
            }
        }
        #expect(await bench.run { $0.count } == 16)
        #expect(await bench.told() == [])
        await bench.run {
            $0.remove(peers[3])
            $0.probe(gone)
        }
        #expect(await bench.told() == [gone])
        await bench.run { $0.removeAll() }
        #expect(await bench.run { $0.count } == 0)
    }

    /// Where nobody listens.
    private func unused() throws -> Endpoint {
        let listener = try TCPListener()
        defer { listener.stop() }
        return listener.endpoint
    }

    /// A listener that ignores all attempts to connect, as a machine does that is gone.
    private struct SilentListener {
        private let listener: TCPListener
        private let first: ConnectionProbe

        var endpoint: Endpoint { listener.endpoint }

        init() throws {
            listener = try TCPListener(backlog: 0)
            // Takes the only place.
            first = try #require(ConnectionProbe(listener.endpoint))
        }

        func stop() { listener.stop() }
    }

    /// Probes on a thread of their own.
    private final class Bench: @unchecked Sendable {  // The probes are used only on the thread.
        private let thread = PollThread(name: "probes")
        private let reported: Lock<[Endpoint]>
        private let probes: ConnectionProbes

        init() {
            let reported = Lock<[Endpoint]>([])
            self.reported = reported
            probes = ConnectionProbes(on: thread) { peer in reported.withLock { $0.append(peer) } }
        }

        deinit { thread.stop() }

        @discardableResult
        func run<R: Sendable>(_ body: @escaping @Sendable (ConnectionProbes) -> R) async -> R {
            await withCheckedContinuation { continuation in
                thread.execute { [self] in continuation.resume(returning: body(probes)) }
            }
        }

        func told() async -> [Endpoint] {
            await run { _ in }
            return reported.withLock(\.self)
        }
    }
}

/// Whether this machine has the address `::1`.
private var hasIPv6: Bool {
    let number = socket(AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return false }
    defer { close(number) }
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_addr = in6addr_loopback
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(number, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
        }
    }
}
