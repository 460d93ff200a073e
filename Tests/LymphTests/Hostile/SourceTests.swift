import MessagePack
import Testing

@testable import Lymph

extension Hostile {
    /// A peer's identity makes the service connect to it, so it is accepted only if it is an endpoint.
    @Suite("Identities", .timeLimit(.minutes(1)))
    struct SourceTests {
        static let bad: [[UInt8]] =
            [
                "garbage", "ipc:///tmp/x", "inproc://x", "pgm://127.0.0.1;224.0.0.1:5", "udp://127.0.0.1:5",
                "ws://127.0.0.1:5",
                "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://:4100", "tcp://*:4100", "tcp://lo:4100",
                "tcp://127.0.0.1:0", "tcp://127.0.0.1:99999", "tcp://127.0.0.1:65536", "tcp://127.0.0.1:*",
                "tcp://127.0.0.1:18446744073709551617", "tcp://127.0.0.1:-1", "tcp://127.0.0.1:080",
                "tcp://127.0.0.1:80 ",
                "tcp://example.com:80", "tcp://localhost:1", "tcp://127.1:80", "tcp://2130706433:80",
                "tcp://0x7f.0.0.1:80",
                "tcp://127.0.0.01:80", "tcp://127.0.0.256:80", "tcp://127.0.0.1:80;127.0.0.1:81",
                "tcp://1.1.1.1;127.0.0.1:80",
                "TCP://127.0.0.1:80", " tcp://127.0.0.1:80", "tcp://127.0.0.1:80\0", "tcp://127.0.0.1:80\n",
                "tcp://@127.0.0.1:80",
                "tcp://[::1]", "tcp://[::1]:0", "tcp://[0::1]:80", "tcp://::1:80", "tcp://[::1%lo]:80",
                "tcp://[::FFFF]:80",
                "tcp://[127.0.0.1]:80", "tcp://[]:80", "tcp://[:80", "tcp://127.0.0.1:80:80", "tcp://127.0.0.1/:80",
            ].map { Array($0.utf8) } + [
                // Without an identity libzmq assigns one: a zero byte and a number.
                [], [0], [0] + Array("tcp://127.0.0.1:80".utf8), [0xff, 0xfe], [0xc3, 0x28],
                Array("tcp://127.0.0.1:80".utf8) + [0xff], [UInt8](repeating: UInt8(ascii: "a"), count: 255),
                Array("tcp://".utf8) + [UInt8](repeating: UInt8(ascii: "1"), count: 249),
                // Longer than libzmq allows.
                [UInt8](repeating: UInt8(ascii: "b"), count: 256),
                [UInt8](repeating: UInt8(ascii: "c"), count: 1_000_000),
                Array("tcp://127.0.0.1:".utf8) + [UInt8](repeating: UInt8(ascii: "0"), count: 100_000) + [
                    UInt8(ascii: "9")
                ],
            ]

        @Test("an identity that is not an endpoint is never connected to")
        func notEndpoints() async throws {
            try await withStage(.zeroMQ) { stage in
                let tcp = RawTCP()
                try await stage.expect(drops: [.source: 2 * Self.bad.count]) {
                    for identity in Self.bad {
                        let connection = try await tcp.open(to: stage.endpoint, identity: identity)
                        // One message that would be answered, one that would not.
                        let messages = [frames(about: "lymph.ping", body: [0x80]), frames(kind: "REP")]
                        try await tcp.send(messages.flatMap(ZMTP.message), on: connection)
                    }
                }
                await tcp.closeAll()
            }
        }

        @Test("an identity with any wrong number of frames does no harm")
        func noFrames() async throws {
            try await withStage(.zeroMQ) { stage in
                let tcp = RawTCP()
                try await stage.expect(drops: [.source: 20]) {
                    let connection = try await tcp.open(to: stage.endpoint, identity: Array("garbage".utf8))
                    for count in 1...20 {
                        try await tcp.send(ZMTP.message([[UInt8]](repeating: [], count: count)), on: connection)
                    }
                }
                await tcp.closeAll()
            }
        }

        @Test("unreachable and wildcard endpoints do no harm")
        func unreachable() async throws {
            let odd = [
                "tcp://127.0.0.1:1", "tcp://127.255.255.255:1", "tcp://0.0.0.0:1", "tcp://0.0.0.1:1",
                "tcp://224.0.0.1:1",
                "tcp://255.255.255.255:1", "tcp://240.0.0.1:1", "tcp://[::1]:1", "tcp://[::]:1", "tcp://[ff02::1]:1",
                "tcp://[::ffff:127.0.0.1]:1", "tcp://[fe80::1]:1",
            ]
            try await withStage(.zeroMQ) { stage in
                let tcp = RawTCP()
                let peers = await stage.poller.peers.count
                try await stage.expect(newPeers: odd.count) {
                    for identity in odd {
                        let connection = try await tcp.open(to: stage.endpoint, identity: Array(identity.utf8))
                        try await tcp.send(ZMTP.message(frames(about: "lymph.ping", body: [0x80])), on: connection)
                    }
                    try await eventually { await stage.poller.peers.count >= peers + odd.count }
                }
                await tcp.closeAll()
            }
        }

        @Test("a peer that claims the service's own endpoint makes it answer itself only once")
        func ourselves() async throws {
            try await withStage(.zeroMQ) { stage in
                let tcp = RawTCP()
                try await stage.expect(drops: [.unknownReply: 1], newPeers: 1) {
                    let identity = Array(stage.endpoint.description.utf8)
                    let connection = try await tcp.open(to: stage.endpoint, identity: identity)
                    try await tcp.send(ZMTP.message(frames(about: "lymph.ping", body: [0x80])), on: connection)
                }
                await tcp.closeAll()
            }
        }
    }
}
