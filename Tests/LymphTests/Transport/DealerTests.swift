import Glibc
import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

extension Behaviour {
    @Suite("Connections that end", .timeLimit(.minutes(1)))
    struct DealerTests {
        @Test("answers that arrived before the connection ended are read, however late")
        func answersBeforeTheEnd() async throws {
            try await withStage(.zeroMQ) { stage in
                let service = try await RawService(stage.fixture)
                let client = try #require(await stage.client.poller.endpoint)
                let proxy = stage.client.proxy(service.endpoint.description, interface: "raw", timeout: .seconds(20))
                let calls = (0..<300).map { _ in proxy.defer("method") }
                var ids: [String] = []
                for _ in calls { ids.append(await service.nextID()) }
                // The client's thread is busy until the connection is gone.
                let busy = Lock(true)
                stage.client.poller.submit { _ in
                    while busy.withLock({ $0 }) { usleep(1000) }
                }
                for id in ids { try await service.send(frames(kind: "REP", about: id, body: [0x07]), to: client) }
                await service.close()
                // Long enough for libzmq to notice. If it were not, the test would check nothing, but still pass.
                try await Task.sleep(for: .milliseconds(200))
                busy.withLock { $0 = false }
                for call in calls { #expect(try await call.value == 7) }
            }
        }

        @Test("a peer that announces packed frames gets them until the connection ends", arguments: [false, true])
        func packed(isSaid: Bool) async throws {
            try await withStage(.zeroMQ) { stage in
                let service = try await RawService(stage.fixture)
                let client = try #require(await stage.client.poller.endpoint)
                let proxy = stage.client.proxy(service.endpoint.description, interface: "raw", timeout: .seconds(20))
                let headers = try (isSaid ? ["features": ["packed", "other"]] : ["features": ["other"]] as Value)
                    .encoded()
                let first = proxy.defer("first")
                let frames = await service.nextFramesOfCall()
                #expect(frames.count == 5)
                #expect(try Value(decoding: frames[3])["features"] == ["packed", "cancel", "deadline"])
                let id = String(decoding: frames[0], as: UTF8.self)
                let reply = LymphTests.frames(kind: "REP", about: id, headers: headers, body: [0x01])
                try await service.send(reply, to: client)
                #expect(try await first.value == 1)

                let second = proxy.defer("second")
                let next = await service.nextFramesOfCall()
                #expect(next.count == (isSaid ? 1 : 5))
                if isSaid {
                    var requests: [Lymph.Message] = []
                    let source = service.endpoint
                    try next[0].withUnsafeBytes {
                        try PackedFrame.read($0, sender: Peer(source)) { requests.append($0) }
                    }
                    #expect(requests.map(\.purpose) == [.call("raw.second")])
                    var frame = PackedFrame()
                    let request = try #require(requests.first)
                    let isTaken = frame.append(
                        Lymph.Message(
                            id: .number(9), kind: .reply, purpose: .answer(request.id),
                            headers: .answer(version: .noInterface, trace: TraceID(1), isSameConnection: true),
                            payload: .bytes([0x02])))
                    #expect(isTaken)
                    try await service.send([frame.bytes], to: client)
                } else {
                    let id = String(decoding: next[0], as: UTF8.self)
                    try await service.send(LymphTests.frames(kind: "REP", about: id, body: [0x02]), to: client)
                }
                #expect(try await second.value == 2)
                await service.close()
                // A request written to the connection before the client knows of its end would be lost.
                try await eventually {
                    let state = await stage.client.poller.summary(of: service.endpoint)?.state
                    return [.connecting, .unreachable].contains(state)
                }

                // The next peer has not announced anything yet.
                let other = try await RawService(stage.fixture, at: service.endpoint)
                let third = proxy.with(waitForReady: true).defer("third")
                let last = await other.nextFramesOfCall()
                #expect(last.count == 5)
                let lastID = String(decoding: last[0], as: UTF8.self)
                try await other.send(LymphTests.frames(kind: "REP", about: lastID, body: [0x03]), to: client)
                #expect(try await third.value == 3)
                await other.close()
            }
        }

        @Test("requests that a closed connection had not sent are not executed by the next peer")
        func nothingIsKept() async throws {
            try await withStage(.zeroMQ) { stage in
                let first = try await RawService(stage.fixture)
                let client = try #require(await stage.client.poller.endpoint)
                let proxy = stage.client.proxy(first.endpoint.description, interface: "raw", timeout: .seconds(20))
                let call = proxy.defer("method")
                try await first.send(frames(kind: "REP", about: await first.nextID(), body: [0x01]), to: client)
                #expect(try await call.value == 1)
                // The service ends while the client's thread is busy, so the calls are written to a dead connection.
                let busy = Lock(true)
                stage.client.poller.submit { _ in
                    while busy.withLock({ $0 }) { usleep(1000) }
                }
                await first.close()
                try await Task.sleep(for: .milliseconds(50))
                let lost = proxy.with(timeout: .milliseconds(500)).defer("lost")
                busy.withLock { $0 = false }
                await #expect(throws: LymphError.self) { try await lost.value }
                let second = try await RawService(stage.fixture, at: first.endpoint)
                let next = proxy.with(waitForReady: true).defer("next")
                let request = await second.next()
                #expect(request.method == "raw.next")
                try await second.send(frames(kind: "REP", about: request.id, body: [0x02]), to: client)
                #expect(try await next.value == 2)
                await second.close()
            }
        }
    }
}
