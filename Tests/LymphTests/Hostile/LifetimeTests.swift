import Glibc
import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

extension Hostile {
    /// Messages that arrive while a client or service stops. Each test runs in its own process, which may crash or
    /// hang.
    @Suite("Ends", .timeLimit(.minutes(1)))
    struct LifetimeTests {
        @Test("messages may arrive while a client stops and is destroyed")
        func messagesAtTheEnd() async {
            await #expect(processExitsWith: .success) {
                alarm(50)
                let fixture = Fixture(.inMemory)
                let sender = InMemoryNetwork.Port(loop: PollThread(name: "sender")) { _ in }
                for _ in 0..<10 {
                    let isOver = Lock(false)
                    var flood: Task<Void, Never>?
                    flood = try await withClient(fixture.client()) { client in
                        try await eventually { await client.poller.endpoint != nil }
                        let endpoint = try #require(await client.poller.endpoint)
                        // The reference that a sender holds between finding its peer and notifying it.
                        let port = try #require(fixture.network.port(at: endpoint, orTell: sender))
                        let message = frames(kind: "REP")
                        return Task.detached {
                            for _ in 0..<2000 where !isOver.withLock({ $0 }) {
                                port.tell { InMemoryNetwork.events(for: message, over: .back(endpoint)) }
                            }
                        }
                    }
                    try await Task.sleep(for: .milliseconds(1))
                    isOver.withLock { $0 = true }
                    await flood?.value
                }
            }
        }

        @Test("the deadline of a cancelled call may come while its client is destroyed")
        func deadlineAtTheEnd() async {
            await #expect(processExitsWith: .success) {
                alarm(50)
                let fixture = Fixture(.inMemory)
                for round in 0..<400 {
                    var client: Client? = fixture.client()
                    let proxy = client?.proxy("tcp://127.0.0.1:9", interface: "raw", timeout: .milliseconds(3))
                    let call = proxy?.defer("method")
                    call?.cancel()
                    _ = await call?.result
                    // At about the deadline.
                    let end = ContinuousClock.now + .microseconds(2600 + round % 200 * 8)
                    while ContinuousClock.now < end {}
                    client = nil
                }
            }
        }

        @Test("a busy client can stop during a flood of connections")
        func connectionsAtTheEnd() async {
            await #expect(processExitsWith: .success) {
                alarm(50)
                let tcp = RawTCP()
                try await withClient(Fixture(.zeroMQ).client()) { client in
                    try await eventually { await client.poller.endpoint != nil }
                    let endpoint = try #require(await client.poller.endpoint)
                    // The thread is busy, and will be again just before it closes everything.
                    client.poller.submit { _ in usleep(300_000) }
                    usleep(50_000)
                    client.poller.submit { _ in usleep(1_000_000) }
                    Task.detached {
                        for _ in 0..<3000 { await tcp.close(try tcp.open(to: endpoint)) }
                    }
                }
            }
        }

        @Test("peers that don't exist do not use up the file descriptors")
        func descriptors() async {
            await #expect(processExitsWith: .success) {
                alarm(50)
                var limit = rlimit(rlim_cur: 256, rlim_max: 256)
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                try await withStage(.zeroMQ) { stage in
                    let tcp = RawTCP()
                    for number in 0..<300 {
                        let identity = Array("tcp://127.9.\(number / 250).\(number % 250 + 1):9".utf8)
                        let connection = try await tcp.open(to: stage.endpoint, identity: identity)
                        try await tcp.send(
                            ZMTP.message(frames(about: "lymph.ping", body: [0x80])), on: connection)
                        await tcp.finishAll()
                    }
                }
            }
        }
    }
}
