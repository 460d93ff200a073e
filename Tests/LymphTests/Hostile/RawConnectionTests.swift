import MessagePack
import Testing

@testable import Lymph

extension Hostile {
    /// Errors below the level of messages: libzmq handles them, and the service must not be affected.
    @Suite("Connections", .timeLimit(.minutes(1)))
    struct ConnectionTests {

        @Test("connections that send nothing, or garbage instead of a greeting, do no harm")
        func greetings() async throws {
            let greetings: [[UInt8]] = [
                [], [0xff], Array(ZMTP.greeting.prefix(10)), Array(ZMTP.greeting.prefix(11)),
                Array(ZMTP.greeting.prefix(63)),
                ZMTP.greeting, [UInt8](repeating: 0xff, count: 64), [UInt8](repeating: 0, count: 64),
                Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), Array(repeating: 0x7f, count: 10_000),
                // a mechanism that is not offered, and an invalid one
                Array(ZMTP.greeting.prefix(12)) + Array("CURVE".utf8) + [UInt8](repeating: 0, count: 47),
                Array(ZMTP.greeting.prefix(12)) + [UInt8](repeating: 0xff, count: 52),
                // version 3.255, version 2
                ZMTP.greeting(minor: 255), [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1, 5, 0, 0],
            ]
            try await withStage(.zeroMQ) { stage in
                let tcp = RawTCP()
                try await stage.expect(handshakes: greetings.count) {
                    for greeting in greetings {
                        try await tcp.send(greeting, on: tcp.open(to: stage.endpoint))
                    }
                    // Others are answered while all of these are open.
                    _ = try await stage.peer.answersUntilPing()
                    await tcp.closeAll()
                }
            }
        }

        @Test("input instead of READY, or next to it, does no harm")
        func handshakes() async throws {
            let commands: [[UInt8]] = [
                ZMTP.command("READY"), ZMTP.command("ERROR", [0]), ZMTP.command("ERROR", [255]), ZMTP.command(""),
                ZMTP.command("NOTHING"),
                ZMTP.command("READY", [255]), ZMTP.command("READY", [1, 0x61, 0xff, 0xff, 0xff, 0xff]),
                ZMTP.command("READY", [UInt8](repeating: 0, count: 1000)), ZMTP.ready(identity: [], socketType: "PUB"),
                ZMTP.ready(identity: [], socketType: String(repeating: "X", count: 1000)), ZMTP.message(frames()),
                ZMTP.header(flags: 4, count: 0), ZMTP.header(flags: 4, count: 1 << 62),
                ZMTP.header(flags: 0xff, count: 300),
                ZMTP.command("HELLO", [UInt8](repeating: 0, count: 194)), ZMTP.command("SUBSCRIBE", [0x61]),
            ]
            try await withStage(.zeroMQ) { stage in
                let tcp = RawTCP()
                try await stage.expect(handshakes: commands.count) {
                    for command in commands {
                        let connection = try await tcp.open(to: stage.endpoint)
                        try await tcp.send(ZMTP.greeting, on: connection)
                        _ = await tcp.receive(64, on: connection)
                        try await tcp.send(command, on: connection)
                    }
                    await tcp.closeAll()
                }
            }
        }

        @Test("unexpected commands after the handshake do no harm")
        func commands() async throws {
            let commands: [[UInt8]] = [
                ZMTP.command("PING"), ZMTP.command("PING", [0]), ZMTP.command("PING", [0, 1]),
                ZMTP.command("PING", [0xff, 0xff]),
                ZMTP.command("PING", [0, 1] + [UInt8](repeating: 7, count: 1000)), ZMTP.command("PONG"),
                ZMTP.command("PONG", [1, 2, 3]),
                ZMTP.command("SUBSCRIBE", [0x61]), ZMTP.command("CANCEL", [0x61]), ZMTP.command(""),
                ZMTP.command("NOTHING"),
                ZMTP.ready(identity: nobody), ZMTP.header(flags: 4, count: 0), ZMTP.header(flags: 4, count: 1) + [0xff],
                ZMTP.header(flags: 5, count: 1) + [0], ZMTP.header(flags: 0xf8, count: 1) + [0],
            ]
            try await withStage(.zeroMQ) { stage in
                let tcp = RawTCP()
                for command in commands {
                    let connection = try await tcp.open(to: stage.endpoint, identity: nobody)
                    try await tcp.send(command, on: connection)
                    await tcp.close(connection)
                }
                try await stage.expectService()
            }
        }

        @Test("a message over ZMTP 1.0 is treated like any other")
        func oldest() async throws {
            try await withStage(.zeroMQ) { stage in
                let tcp = RawTCP()
                func frame(_ bytes: [UInt8], more: Bool) -> [UInt8] { [UInt8(bytes.count + 1), more ? 1 : 0] + bytes }
                func message(_ frames: [[UInt8]]) -> [UInt8] {
                    frames.enumerated().flatMap { frame($0.element, more: $0.offset < frames.count - 1) }
                }
                try await stage.expect(drops: [.source: 1, .kind: 1]) {
                    for identity in ["ipc:///tmp/x", "tcp://127.0.0.1:1"] {
                        let connection = try await tcp.open(to: stage.endpoint)
                        try await tcp.send(frame(Array(identity.utf8), more: false), on: connection)
                        try await tcp.send(message(frames(kind: "nonsense")), on: connection)
                    }
                }
                await tcp.closeAll()
            }
        }

        @Test("200 connections can be opened and closed at once")
        func openAndClose() async throws {
            try await withStage(.zeroMQ) { stage in
                let tcp = RawTCP()
                try await stage.expect(drops: [.handshake: 200]) {
                    for index in 0..<200 {
                        let connection = try await tcp.open(to: stage.endpoint)
                        if index.isMultiple(of: 2) { try await tcp.send(ZMTP.greeting, on: connection) }
                    }
                    await tcp.closeAll()
                }
            }
        }

        @Test("incomplete messages are never seen")
        func halfMessages() async throws {
            try await withStage(.zeroMQ) { stage in
                let tcp = RawTCP()
                let message = ZMTP.message(frames(about: "lymph.ping", body: [0x80]))
                try await stage.expect {
                    for count in 1..<message.count {
                        let connection = try await tcp.open(to: stage.endpoint, identity: nobody)
                        try await tcp.send(Array(message[..<count]), on: connection)
                        await tcp.close(connection)
                    }
                }
            }
        }

        @Test(
            "a frame that announces more than the limit ends its connection",
            arguments: [(1 << 20) + 1, 1 << 40, 1 << 62] as [UInt64])
        func declaredLengths(_ count: UInt64) async throws {
            try await withStage(.zeroMQ, server: { $0.maxMessageBytes = 1 << 20 }) { stage in
                let tcp = RawTCP()
                let before = Memory.resident()
                try await stage.expect {
                    for flags in [0, 1] as [UInt8] {
                        let connection = try await tcp.open(to: stage.endpoint, identity: nobody)
                        try await tcp.send(ZMTP.header(flags: flags, count: count), on: connection)
                        #expect(await tcp.isEnded(connection))
                        await tcp.close(connection)
                    }
                }
                #expect(Memory.resident() - before < 256 << 20)
            }
        }

        @Test("a message whose frames exceed the limit only together is counted and dropped")
        func tooLarge() async throws {
            try await withStage(.zeroMQ, server: { $0.maxMessageBytes = 1 << 20 }) { stage in
                let half = [UInt8](repeating: 0x61, count: 600_000)
                let headers = [0x81] + Bad.string("x") + [0xc6, 0, 9, 0x27, 0xc0] + half
                try await stage.expect(drops: [.tooLarge: 1, .frameCount: 1]) {
                    try await stage.expectNoAnswer(to: frames(kind: "REP", headers: headers, body: half))
                    try await stage.expectNoAnswer(to: [half, half])
                }
            }
        }

        @Test("a request over the limit is refused like other unreadable ones")
        func tooLargeRequest() async throws {
            try await withStage(.zeroMQ, server: { $0.maxMessageBytes = 1 << 20 }) { stage in
                let most = [UInt8](repeating: 0x61, count: 1_000_000)
                let headers = [0x81] + Bad.string("x") + [0xc5, 0xea, 0x60] + most.prefix(60_000)
                try await stage.expect(drops: [.tooLarge: 1]) {
                    expectNACK(try await stage.answers(to: frames(headers: headers, body: most)))
                }
            }
        }
    }
}
