import MessagePack
import Testing

@testable import Lymph

extension Behaviour {
    @Suite("Announced features", .timeLimit(.minutes(1)))
    struct AnnouncementTests {
        @Test(
            "a peer gets deadlines in packed frames and cancellations only if it has announced that it reads them",
            arguments: [["packed"], ["packed", "cancel"], ["packed", "deadline"], ["packed", "cancel", "deadline"]])
        func extensions(_ features: [String]) async throws {
            try await withStage(.zeroMQ) { stage in
                let service = try await RawService(stage.fixture)
                let client = try #require(await stage.client.poller.endpoint)
                let proxy = stage.client.proxy(service.endpoint.description, interface: "raw", timeout: .seconds(40))
                let first = proxy.defer("first")
                let frames = await service.nextFramesOfCall()
                // Everybody is told in lymph's own framing, where unknown headers are ignored.
                let left = try Value(decoding: frames[3])["timeout_ms"]?.intValue
                #expect(left.map { $0 > 0 && $0 <= 40_000 } == true)
                let headers: Value = ["features": .array(features.map(Value.string))]
                let reply = LymphTests.frames(
                    kind: "REP", about: String(decoding: frames[0], as: UTF8.self), headers: try headers.encoded(),
                    body: [0x01])
                try await service.send(reply, to: client)
                #expect(try await first.value == 1)

                let second = proxy.defer("second")
                let asked = try await messages(service)
                #expect(asked.map(\.subject) == ["raw.second"])
                #expect((asked.first?.headers.timeout != nil) == features.contains("deadline"))
                second.cancel()
                await #expect(throws: CancellationError.self) { try await second.value }
                let third = proxy.defer("third")
                var rest: [Lymph.Message] = []
                while !rest.contains(where: { $0.subject == "raw.third" }) { rest += try await messages(service) }
                #expect(rest.map(\.kind) == (features.contains("cancel") ? [.cancel, .request] : [.request]))
                if features.contains("cancel"), case .number(let id)? = asked.first?.id {
                    #expect(rest.first?.purpose == .cancellation(.number(id)))
                }
                third.cancel()
                await service.close()
            }
        }

        /// The next packed messages, without heartbeats.
        private func messages(_ service: RawService) async throws -> [Lymph.Message] {
            let frames = await service.nextFramesOfCall()
            try #require(frames.count == 1)
            var all: [Lymph.Message] = []
            try frames[0].withUnsafeBytes { bytes in
                try PackedFrame.read(bytes, sender: Peer(service.endpoint)) { all.append($0) }
            }
            return all.filter { $0.subject != "lymph.ping" }
        }

        @Test("a call that ends before the peer has said anything is withdrawn as soon as it does")
        func firstCall() async throws {
            try await withStage(.zeroMQ) { stage in
                let service = try await RawService(stage.fixture)
                let client = try #require(await stage.client.poller.endpoint)
                let call = stage.client.proxy(
                    service.endpoint.description, interface: "raw", timeout: .seconds(40)
                ).defer("first")
                let asked = await service.nextFramesOfCall()
                call.cancel()
                var ping = await service.nextFrames()
                #expect(String(decoding: ping[2], as: UTF8.self) == "lymph.ping")
                let headers: Value = ["features": ["cancel"]]
                try await service.send(
                    LymphTests.frames(
                        kind: "REP", about: String(decoding: ping[0], as: UTF8.self), headers: try headers.encoded()),
                    to: client)
                repeat { ping = await service.nextFrames() } while ping[2] == Array("lymph.ping".utf8)
                #expect(ping[1] == Array("CANCEL".utf8) && ping[2] == asked[0])
                await service.close()
            }
        }

        @Test(
            "a packed request says nothing of its sender's features, since it doesn't list them",
            arguments: [true, false])
        func packedRequest(isAnswer: Bool) async throws {
            let client = Fixture(.inMemory).client()
            let packed = Lymph.Message(
                id: .number(1), kind: isAnswer ? .reply : .request,
                purpose: isAnswer ? .answer(.number(1)) : .call("echo.upper"),
                headers: try Headers(unpacking: .init(start: nil, count: 0), trace: nil, timeout: nil), payload: .nil)
            // On our own connection an earlier answer would have listed more.
            let route: Route = isAnswer ? .dial(.number(1)) : .back(.number(1))
            #expect(await client.poller.announced(by: packed, over: route) == (isAnswer ? .packing : nil))
        }

        @Test("a service that answers in packed frames says once what it supports", arguments: Medium.allCases)
        func service(_ medium: Medium) async throws {
            try await withEcho(medium) { client, container in
                let echo = client.proxy("echo")
                for _ in 0..<3 { try await echo.call("reset") }
                let endpoint = try await container.endpoint
                #expect(await client.poller.abandon(1, at: endpoint) == .send)
            }
        }
    }
}

extension Poller {
    fileprivate func abandon(_ call: UInt128, at peer: Endpoint) -> AbandonedCalls.Notice {
        peers.abandon(call, at: peer)
    }
}
