import MessagePack
import Testing

@testable import Lymph

extension Hostile {
    /// Messages that arrive on a connection made to send requests.
    @Suite("Dialled connections", .timeLimit(.minutes(1)))
    struct DialledTests {
        /// Runs `body` with a service that can answer on its client's connection, and a call that waits there.
        private func withService(
            _ medium: Medium, _ body: (Stage, RawService, Endpoint) async throws -> Void
        ) async throws {
            try await withStage(medium) { stage in
                let service = try await RawService(stage.fixture)
                let client = try #require(await stage.client.poller.endpoint)
                let proxy = stage.client.proxy(service.endpoint.description, interface: "raw", timeout: .seconds(20))
                let first = proxy.defer("warm_up")
                try await service.send(frames(kind: "REP", about: await service.nextID(), body: [0x01]), to: client)
                #expect(try await first.value == 1)
                do {
                    try await body(stage, service, client)
                    // Whatever came before, the answer still arrives.
                    let last = proxy.defer("method")
                    try await service.send(frames(kind: "REP", about: await service.nextID(), body: [0x07]), to: client)
                    #expect(try await last.value == 7)
                } catch {
                    await service.close()
                    throw error
                }
                await service.close()
            }
        }

        @Test("a request there is counted and dropped, and not answered", arguments: Medium.allCases)
        func requests(_ medium: Medium) async throws {
            try await withService(medium) { stage, service, client in
                try await stage.expect(drops: [.unexpectedRequest: 4], on: .client) {
                    for method in ["lymph.ping", "lymph.status", "echo.upper", ""] {
                        try await service.send(frames(about: method, body: [0x80]), to: client)
                    }
                }
            }
        }

        @Test("a malformed message there is counted and dropped", arguments: Medium.allCases)
        func malformed(_ medium: Medium) async throws {
            try await withService(medium) { stage, service, client in
                let drops: [DropReason: Int] = [
                    .frameCount: 8, .packed: 1, .kind: 1, .encoding: 2, .headers: 2, .unknownReply: 1,
                    .unexpectedRequest: 1,
                ]
                try await stage.expect(drops: drops, on: .client) {
                    for count in [1, 2, 3, 4, 6, 7, 8, 9, 100] {
                        try await service.send([[UInt8]](repeating: [], count: count), to: client)
                    }
                    try await service.send(frames(kind: "CANCELLED"), to: client)
                    try await service.send(frames(kind: "CANCEL"), to: client)
                    var bad = frames()
                    bad[0] = [0xff]
                    try await service.send(bad, to: client)
                    bad = frames()
                    bad[2] = [0xff]
                    try await service.send(bad, to: client)
                    try await service.send(frames(headers: [0xc0]), to: client)
                    try await service.send(frames(kind: "REP", headers: [0xc0]), to: client)
                    try await service.send(frames(kind: "REP", about: "nobody"), to: client)
                }
            }
        }

        @Test("a call to a listener that does not speak the protocol ends, and disturbs no other")
        func foreigners() async throws {
            // Input that does not begin with 0xff is ZMTP 1.0, which has no handshake: libzmq may take
            // the request before it finds that the rest is malformed, and then the outcome is unknown.
            let unsent: Set<LymphError.Code> = [.notConnected]
            let either: Set<LymphError.Code> = [.notConnected, .timeout]
            let greetings: [(bytes: [UInt8], codes: Set<LymphError.Code>)] = [
                ([], unsent), ([UInt8](repeating: 0xff, count: 200), unsent),
                (Array(ZMTP.greeting.prefix(20)), unsent), (ZMTP.greeting, unsent),
                (ZMTP.greeting + ZMTP.ready(identity: [], socketType: "PUB"), unsent),
                (ZMTP.greeting + ZMTP.command("ERROR", [3, 0x61, 0x62, 0x63]), unsent),
                ([0x00], either), ([0x01, 0x00], either),
                (Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), either),
            ]
            try await withStage(.zeroMQ) { stage in
                try await stage.expect(newPeers: greetings.count, on: .client) {
                    for (greeting, codes) in greetings {
                        let tcp = RawTCP()
                        let (listener, endpoint) = try await tcp.listen()
                        let proxy = stage.client.proxy(
                            endpoint.description, interface: "raw", timeout: .milliseconds(150))
                        let call = proxy.defer("method")
                        let connection = try await tcp.accept(on: listener)
                        try await tcp.send(greeting, on: connection)
                        let error = await #expect(throws: LymphError.self) { try await call.value }
                        #expect(
                            error.map { codes.contains($0.code) } == true,
                            "\(greeting.prefix(40)): \(String(describing: error))")
                        await tcp.closeAll()
                    }
                }
            }
        }
    }
}
