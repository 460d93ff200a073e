import MessagePack
import Testing

@testable import Lymph

extension Hostile {
    /// Hundreds of peers that don't exist, and peers that pretend to be others.
    @Suite("Peers", .timeLimit(.minutes(1)))
    struct PeerTests {
        /// Endpoints on this machine that nobody listens on.
        private static func endpoint(_ number: Int) -> [UInt8] {
            Array("tcp://127.9.\(number / 250).\(number % 250 + 1):9".utf8)
        }

        /// Sends a message under the identities of the peers in `range`, several times.
        private func spoof(
            _ range: Range<Int>, times: Int = 1, _ message: [[UInt8]], _ stage: Stage
        ) async throws {
            guard case .zeroMQ = stage.fixture.medium else {
                for number in range {
                    for _ in 0..<times { stage.deliver(message, from: Self.endpoint(number)) }
                }
                return
            }
            let tcp = RawTCP()
            for number in range {
                let connection = try await tcp.open(to: stage.endpoint, identity: Self.endpoint(number))
                for _ in 0..<times { try await tcp.send(ZMTP.message(message), on: connection) }
            }
            // Messages must not be lost with their connection.
            await tcp.finishAll()
        }

        private let ping = frames(about: "lymph.ping", body: [0x80])

        @Test(
            "of 200 peers that don't exist, as many as allowed are connected to, and the rest are counted",
            arguments: Medium.allCases)
        func spoofed(_ medium: Medium) async throws {
            try await withStage(medium, server: { $0.maxPeers = 8 }) { stage in
                // The raw peer is one of the eight. After five seconds the others are given up, so a slow machine has
                // long finished dialling them.
                let before = Memory.resident()
                try await stage.expect(drops: [.undeliverable: 193], newPeers: 7) {
                    for first in stride(from: 0, to: 200, by: 50) {
                        try await spoof(first..<first + 50, ping, stage)
                    }
                }
                // Again, for connected and unconnected peers.
                try await stage.expect(drops: [.undeliverable: 43], newPeers: 0) {
                    try await spoof(0..<50, ping, stage)
                }
                #expect(Memory.resident() - before < 200 << 20)
            }
        }

        @Test("the service's own calls continue, however many peers don't exist", arguments: Medium.allCases)
        func ownCalls(_ medium: Medium) async throws {
            try await withStage(medium, server: { $0.maxPeers = 8 }) { stage in
                try await spoof(0..<20, ping, stage)
                try await eventually { await stage.poller.peers.count == 8 }
                try await withServiceContainer(stage.fixture.container()) { other in
                    let proxy = stage.container.client.proxy(other.description, interface: "echo")
                    let text: String = try await proxy.upper(text: "a")
                    #expect(text == "A")
                }
            }
        }

        @Test("calls stay fast, however many peers don't exist")
        func speed() async throws {
            try await withStage(.zeroMQ) { stage in
                func time() async throws -> Duration {
                    var best = Duration.seconds(60)
                    for _ in 0..<5 {
                        let start = ContinuousClock.now
                        for _ in 0..<50 { let _: String = try await stage.echo.upper(text: "a") }
                        best = min(best, ContinuousClock.now - start)
                    }
                    return best
                }
                let before = try await time()
                for first in stride(from: 0, to: 1000, by: 100) { try await spoof(first..<first + 100, ping, stage) }
                try await stage.expectService()
                let after = try await time()
                withKnownIssue(
                    "every turn of the loop asks every socket, those that never connect included", isIntermittent: true
                ) {
                    #expect(after < before * 4)
                }
            }
        }

        @Test("answers for an absent peer take no more memory than allowed", arguments: Medium.allCases)
        func largeIDs(_ medium: Medium) async throws {
            try await withStage(medium, server: { $0.maxQueuedBytes = 1_000_000 }) { stage in
                let message = frames(id: String(repeating: "i", count: 100_000), about: "lymph.ping", body: [0x80])
                try await spoof(0..<1, times: 100, message, stage)
                try await eventually {
                    await (stage.poller.summary(of: try Endpoint(identity: Self.endpoint(0)))?.waiting ?? 0)
                        + stage.poller.statistics.dropped(.undeliverable) == 100
                }
                let undeliverable = await stage.poller.statistics.dropped(.undeliverable)
                #expect(undeliverable >= 90)
            }
        }

        @Test("undeliverable answers leave room for answers to others")
        func room() async throws {
            try await withStage(.zeroMQ, server: { $0.maxQueuedBytes = 100_000 }) { stage in
                let tcp = RawTCP()
                let connection = try await tcp.open(to: stage.endpoint, identity: Self.endpoint(0))
                for _ in 0..<1000 { try await tcp.send(ZMTP.message(ping), on: connection) }
                try await eventually { await stage.poller.statistics.dropped(.undeliverable) > 10 }
                // The first answer to a new peer must wait for its connection.
                let other = try await RawPeer(stage.fixture, target: stage.endpoint)
                let (subject, name) = ("echo.unheard_of", await other.endpoint.description)
                for _ in 0..<3 { try await other.request(subject, [:], id: "first contact") }
                try await eventually { stage.log.lines.count { $0.metadata["lymph.method"] == subject } == 3 }
                _ = await stage.poller.peers.count
                let dropped = stage.log.lines.filter { $0.metadata["lymph.peer"] == name }
                withKnownIssue("all peers share one limit, which one absent peer can use up", isIntermittent: true) {
                    #expect(dropped.isEmpty)
                }
                await other.close()
                await tcp.closeAll()
            }
        }

        @Test("an answer for a closed connection is not retried for ever", arguments: Medium.allCases)
        func goneBeforeTheAnswer(_ medium: Medium) async throws {
            try await withStage(medium) { stage in
                let headers = try Value.map(["return": "same"]).encoded()
                let gone = try Endpoint(identity: Self.endpoint(0))
                // It disconnects before the method returns.
                let body = try Value.map(["seconds": 0.2]).encoded()
                try await spoof(0..<1, frames(about: "echo.sleep", headers: headers, body: body), stage)
                try await eventually { await stage.poller.runningRequests == 1 }
                try await eventually { await stage.poller.runningRequests == 0 }
                // The other route to the peer will fail, too, so nothing else may wait.
                #expect(await stage.poller.summary(of: gone)?.waiting == 1)
                #expect(await stage.poller.flushAnswers() == 1)
            }
        }

        @Test("a peer that takes a client's identity disturbs it only briefly")
        func stolenIdentity() async throws {
            try await withStage(.zeroMQ) { stage in
                try await withClient(stage.fixture.client()) { victim in
                    let echo = victim.proxy("echo", timeout: .milliseconds(200))
                    let _: String = try await echo.with(timeout: .seconds(20)).upper(text: "a")
                    let tcp = RawTCP()
                    let identity = Array(try #require(await victim.poller.endpoint).description.utf8)
                    let connection = try await tcp.open(to: stage.endpoint, identity: identity)
                    try await stage.expect(drops: [.kind: 1]) {
                        try await tcp.send(ZMTP.message(frames(kind: "nonsense")), on: connection)
                    }
                    await tcp.closeAll()
                    let end = ContinuousClock.now + .seconds(2)
                    var text: String?
                    while text == nil, ContinuousClock.now < end { text = try? await echo.upper(text: "back") }
                    withKnownIssue("libzmq leaves the old connection open but dead; heartbeats end it after 20 s") {
                        #expect(text == "BACK")
                    }
                }
            }
        }
    }
}
