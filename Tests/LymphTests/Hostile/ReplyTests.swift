import MessagePack
import Testing

@testable import Lymph

extension Hostile {
    /// Answers that a caller did not ask for, or that are wrong.
    @Suite("Answers", .timeLimit(.minutes(1)))
    struct ReplyTests {
        private static let kinds = ["REP", "ACK", "NACK", "ERROR"]

        /// Runs `body` with a peer that the client calls, and that the client has answered before.
        private func withCalledPeer(
            _ medium: Medium, _ body: (Stage, RawPeer, Proxy) async throws -> Void
        ) async throws {
            try await withStage(medium) { stage in
                let target = try #require(await stage.client.poller.endpoint)
                let called = try await RawPeer(stage.fixture, target: target)
                // Its first call makes the connections in both directions.
                let proxy = await stage.client.proxy(
                    called.endpoint.description, interface: "raw", timeout: .seconds(20))
                let first = proxy.defer("warm_up")
                try await called.send(frames(kind: "REP", about: await called.next().id, body: [0x01]))
                #expect(try await first.value == 1)
                _ = try await called.answersUntilPing()
                do { try await body(stage, called, proxy) } catch {
                    await called.close()
                    throw error
                }
                await called.close()
            }
        }

        @Test("unsolicited answers are counted and dropped", arguments: Medium.allCases)
        func unknown(_ medium: Medium) async throws {
            let ids = [
                "", "0", "nobody", String(repeating: "0", count: 31), String(repeating: "0", count: 32),
                String(repeating: "f", count: 32), String(repeating: "F", count: 32), String(repeating: "g", count: 32),
                String(repeating: "0", count: 33), "ünïcode", String(repeating: "é", count: 16),
            ]
            try await withCalledPeer(medium) { stage, called, _ in
                try await stage.expect(drops: [.unknownReply: 4 * ids.count], on: .client) {
                    for id in ids {
                        for kind in Self.kinds { try await called.send(frames(kind: kind, about: id)) }
                    }
                    #expect(try await called.answersUntilPing().isEmpty)
                }
                // The service gets them, too.
                try await stage.expect(drops: [.unknownReply: 4 * ids.count]) {
                    for id in ids {
                        for kind in Self.kinds { try await stage.expectNoAnswer(to: frames(kind: kind, about: id)) }
                    }
                }
            }
        }

        @Test("of two answers the first is used; the other is counted and dropped", arguments: Medium.allCases)
        func twice(_ medium: Medium) async throws {
            try await withCalledPeer(medium) { stage, called, proxy in
                try await stage.expect(drops: [.unknownReply: 4], on: .client) {
                    let call = proxy.defer("method")
                    let id = await called.next().id
                    try await called.send(frames(kind: "REP", about: id, body: [0x07]))
                    for kind in Self.kinds { try await called.send(frames(kind: kind, about: id, body: [0x08])) }
                    #expect(try await call.value == 7)
                }
            }
        }

        @Test("an answer that comes too late is counted and dropped", arguments: Medium.allCases)
        func late(_ medium: Medium) async throws {
            try await withCalledPeer(medium) { stage, called, proxy in
                try await stage.expect(drops: [.unknownReply: 2], on: .client) {
                    let slow = Task { try await proxy.with(timeout: .milliseconds(20)).call("method") }
                    let id = await called.next().id
                    await expectError(.timeout, slow)
                    try await called.send(frames(kind: "REP", about: id))
                    let cancelled = proxy.defer("method")
                    let other = await called.next().id
                    cancelled.cancel()
                    await #expect(throws: CancellationError.self) { try await cancelled.value }
                    try await called.send(frames(kind: "REP", about: other))
                }
            }
        }

        @Test("an answer from a peer that was not asked changes nothing", arguments: Medium.allCases)
        func wrongPeer(_ medium: Medium) async throws {
            try await withCalledPeer(medium) { stage, called, proxy in
                let spy = try await RawPeer(stage.fixture, target: try #require(await stage.client.poller.endpoint))
                _ = try await spy.answersUntilPing()
                try await stage.expect(
                    drops: [.wrongPeer: 5, .headers: 1, .frameCount: 1, .unknownReply: 1], on: .client
                ) {
                    let call = proxy.defer("method")
                    let id = await called.next().id
                    for kind in Self.kinds { try await spy.send(frames(kind: kind, about: id, body: [0x08])) }
                    try await spy.send(frames(kind: "REP", about: id, body: [0xc1]))
                    try await spy.send(frames(kind: "REP", about: id, headers: [0xc0]))
                    try await spy.send(Array(frames(kind: "REP", about: id).dropLast()))
                    // The same number, written differently than in the request.
                    try await spy.send(frames(kind: "REP", about: id.uppercased() + " "))
                    _ = try await spy.answersUntilPing()
                    try await called.send(frames(kind: "REP", about: id, body: [0x07]))
                    #expect(try await call.value == 7)
                }
                await spy.close()
            }
        }

        @Test("an answer that can't be read does not end the call; the right one does", arguments: Medium.allCases)
        func unreadable(_ medium: Medium) async throws {
            try await withCalledPeer(medium) { stage, called, proxy in
                try await stage.expect(drops: [.headers: 2, .kind: 1, .frameCount: 2, .encoding: 1], on: .client) {
                    let call = proxy.defer("method")
                    let id = await called.next().id
                    try await called.send(frames(kind: "REP", about: id, headers: [0xc0]))
                    try await called.send(frames(kind: "REP", about: id, headers: [0x81]))
                    try await called.send(frames(kind: "REPLY", about: id))
                    try await called.send(Array(frames(kind: "REP", about: id).dropFirst()))
                    try await called.send(frames(kind: "REP", about: id) + [[]])
                    var badID = frames(kind: "REP", about: id)
                    badID[0] = [0xff]
                    try await called.send(badID)
                    try await called.send(frames(kind: "REP", about: id, body: [0x07]))
                    #expect(try await call.value == 7)
                }
            }
        }

        @Test("an answer with any body ends the call with a result or a clear error", arguments: Medium.allCases)
        func bodies(_ medium: Medium) async throws {
            let bad: [[UInt8]] = [
                [], [0xc1], [0x81], [0x01, 0x02], [0xa1, 0xff], [0xdd, 0xff, 0xff, 0xff, 0xff], Bad.nested(65),
                Bad.nested(100_000),
                Bad.embedded(5000),
            ]
            let errors: [([UInt8], String)] =
                bad.map { ($0, "RemoteError") } + [
                    ([0xc0], "RemoteError"), ([0x90], "RemoteError"), ([0x80], "RemoteError"),
                    (Bad.unknownType, "RemoteError"),
                    ([0x81] + Bad.string("message") + Bad.string("m"), "RemoteError: m"),
                    ([0x81] + Bad.string("type") + [0x01], "RemoteError"),
                    ([0x81] + Bad.string("type") + Bad.mapAsKey, "RemoteError"),
                    ([0x82] + Bad.string("type") + Bad.string("T") + Bad.string("message") + [0x91, 0x01], "T: [1]"),
                    ([0x82] + Bad.string("type") + Bad.string("") + Bad.string("message") + [0xc0], ": nil"),
                    (
                        [0x82, 0xc4, 4] + Array("type".utf8) + [0xc4, 1, 0x54, 0xc4, 7] + Array("message".utf8) + [
                            0xc4, 1, 0x6d,
                        ], "T: m"
                    ),
                ]
            try await withCalledPeer(medium) { stage, called, proxy in
                try await stage.expect(on: .client) {
                    for body in bad {
                        for kind in ["REP", "ACK"] {
                            let call = proxy.defer("method")
                            try await called.send(frames(kind: kind, about: await called.next().id, body: body))
                            await expectError(.invalidReply, call)
                        }
                        let call = proxy.defer("method")
                        try await called.send(frames(kind: "NACK", about: await called.next().id, body: body))
                        await expectError(.nack, call)
                    }
                    for (body, text) in errors {
                        let call = proxy.defer("method")
                        try await called.send(frames(kind: "ERROR", about: await called.next().id, body: body))
                        let error = await #expect(throws: RemoteError.self) { try await call.value }
                        #expect(error?.description == text, "\(body.prefix(40))")
                    }
                }
            }
        }

        @Test("a reason that is not a string is ignored", arguments: Medium.allCases)
        func reasons(_ medium: Medium) async throws {
            try await withCalledPeer(medium) { stage, called, proxy in
                for reason in [nil, 1, [], ["a": 1], .binary([0xff])] as [Value] {
                    let call = proxy.defer("method")
                    let headers = try Value.map(["reason": reason]).encoded()
                    try await called.send(frames(kind: "NACK", about: await called.next().id, headers: headers))
                    let error = await #expect(throws: LymphError.self) { try await call.value }
                    #expect(error?.code == .nack && error?.reason == nil)
                }
            }
        }

        private func expectError(_ code: LymphError.Code, _ task: Task<Value, any Error>) async {
            let error = await #expect(throws: LymphError.self) { try await task.value }
            #expect(error?.code == code)
        }
    }
}
