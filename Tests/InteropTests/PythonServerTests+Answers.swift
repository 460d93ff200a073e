import Lymph
import MessagePack
import Testing

private struct MappedError: Error, Equatable {
    let message: String
}

/// The answers of a Python service other than results.
extension PythonServerTests {
    private func nack(
        _ method: String, sourceLocation: SourceLocation = #_sourceLocation, _ call: (Caller) async throws -> Value
    ) async {
        let error = await #expect(throws: LymphError.self, sourceLocation: sourceLocation) {
            _ = try await call(python.echo[dynamicMember: method])
        }
        #expect(error?.code == .nack, sourceLocation: sourceLocation)
        // Python doesn't say why, so it may have done anything.
        #expect(error?.reason == nil && error?.execution == .unknown, sourceLocation: sourceLocation)
    }

    @Test("Arguments that don't fit are answered with NACK")
    func arguments() async throws {
        await nack("add") { try await $0(b: 1) }
        await nack("add") { try await $0(a: 1, c: 2) }
        await nack("add") { try await $0(a: 1, b: "one") }
        await nack("no_such_method") { try await $0() }
        await #expect(throws: LymphError.self) { try await python.proxy("no_such_interface").call("upper") }
        #expect(try await python.echo.call("add", a: 2) == 3)
    }

    @Test(
        "A declared error arrives with its type and message",
        arguments: [
            ("declared", "Broken", "as declared"), ("subclass", "BrokenTwice", "more than declared"),
            ("builtin", "KeyError", "'key'"), ("without message", "Broken", ""), ("not ascii", "Broken", "żółw"),
        ])
    func declared(kind: String, type: String, message: String) async throws {
        await #expect(throws: RemoteError(type: type, message: message)) {
            try await python.echo.call("fail", kind: kind)
        }
    }

    @Test("An error that is not declared, or a result that can't be sent, is a NACK")
    func undeclared() async {
        await nack("fail") { try await $0(kind: "undeclared") }
        await nack("unserializable") { try await $0() }
    }

    @Test("Remote errors are mapped to the caller's own")
    func errorMap() async throws {
        let echo = python.client.proxy(
            "\(python.peer.endpoint)", interface: "echo", timeout: .seconds(10),
            errors: ["Broken": { MappedError(message: $0.message) }])
        await #expect(throws: MappedError(message: "as declared")) { try await echo.call("fail", kind: "declared") }
        await #expect(throws: RemoteError(type: "BrokenTwice", message: "more than declared")) {
            try await echo.call("fail", kind: "subclass")
        }
    }

    @Test("An ACK has no result")
    func ack() async throws {
        let reply = try await python.request("echo.ack")
        #expect(reply.kind == .ack)
        #expect(try reply.body == nil)
        let nothing: String? = try await python.echo.call("ack")
        #expect(nothing == nil)
    }

    @Test("A NACK and an ERROR from the channel reach the caller")
    func channel() async {
        await nack("nack") { try await $0() }
        let bodies: [(Value, RemoteError)] = [
            (["type": "Chosen", "message": "text"], RemoteError(type: "Chosen", message: "text")),
            (["type": "Chosen"], RemoteError(type: "Chosen")),
            (["message": "text"], RemoteError(type: "RemoteError", message: "text")),
            (["type": 7, "message": ["a", 1]], RemoteError(type: "RemoteError", message: "[\"a\", 1]")),
            ([:], RemoteError(type: "RemoteError")),
        ]
        for (body, error) in bodies {
            await #expect(throws: error) { try await python.echo.call("error", body: body) }
        }
    }

    @Test(
        "Of several answers the first counts, the others do no harm",
        arguments: [
            ("reply_then_ack", "reply", 1), ("two_replies", "first", 1), ("reply_then_ack_unless_replied", "reply", 0),
            ("reply_then_raise", "reply", 0),
        ])
    func several(method: String, first: String, others: Int) async throws {
        let before = await python.lateAnswers
        let reply = try await python.request("echo.\(method)")
        #expect(reply.kind == .reply)
        #expect(try reply.body == .string(first))
        // What Python sent before this answer has arrived before it.
        #expect(try await python.echo.call("upper", text: "next") == "NEXT")
        #expect(await python.lateAnswers == before + others)
    }

    @Test("A NACK that follows an ERROR is ignored")
    func errorThenNack() async throws {
        let before = await python.lateAnswers
        await #expect(throws: RemoteError(type: "Broken", message: "first")) {
            try await python.echo.call("error_then_raise")
        }
        try await eventually("the NACK did not come") { await python.lateAnswers == before + 1 }
    }

    @Test("A method that never answers ends in a timeout")
    func silence() async {
        let start = ContinuousClock.now
        let error = await #expect(throws: LymphError.self) {
            try await python.echo.with(timeout: .milliseconds(300)).call("silence")
        }
        #expect(error?.code == .timeout && error?.execution == .unknown)
        #expect((.milliseconds(300) ..< .seconds(5)).contains(.now - start))
    }

    @Test("An answer that comes after the timeout does no harm")
    func late() async throws {
        let before = await python.lateAnswers
        let error = await #expect(throws: LymphError.self) {
            try await python.echo.with(timeout: .milliseconds(200)).call("late_reply", seconds: 0.6, token: "late")
        }
        #expect(error?.code == .timeout)
        try await eventually("the late answer did not come") { await python.lateAnswers == before + 1 }
        let noted: [String] = try await python.echo.call("noted")
        #expect(noted.contains("late"))
    }

    @Test("A cancelled call ends at once, although Python continues")
    func cancelled() async throws {
        let start = ContinuousClock.now
        let task = python.echo.defer("sleep", seconds: 20)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(.now - start < .seconds(5))
        #expect(try await python.echo.call("upper", text: "next") == "NEXT")
    }

    @Test("Headers are sent in both directions, and the trace id comes back unchanged")
    func headers() async throws {
        let reply = try await TraceContext.with(id: "trace 1 ż") {
            try await python.request(
                "echo.with_headers", ["headers": ["colour": "green", "size": 7]], headers: ["shape": ["round"]])
        }
        #expect(reply.kind == .reply && reply.source == python.peer.endpoint)
        #expect(reply.headers.traceID == "trace 1 ż")
        #expect(reply.headers["colour"] == "green" && reply.headers["size"] == 7)
        // An interface without a version says so.
        #expect(reply.headers.fields["version"] == .some(.nil))
        let request = try reply.body
        #expect(request["trace_id"] == "trace 1 ż" && request["shape"] == ["round"])
        #expect(request.mapValue?["version"] == .some(.nil))
        // Our extensions are seen, and disturb nobody.
        #expect(request["timeout_ms"]?.intValue.map { $0 > 0 } == true)
        #expect(request["features"] == ["packed", "cancel", "deadline"])
    }

    @Test("Every call outside of a trace begins one")
    func traces() async throws {
        var seen: Set<String> = []
        for _ in 0..<3 {
            let reply = try await python.request("echo.with_headers", ["headers": [:]])
            seen.insert(try #require(reply.headers.traceID))
        }
        #expect(seen.count == 3)
    }
}

extension Python {
    fileprivate func request(
        _ subject: String, _ body: Value = [:], headers: [String: Value] = [:]
    ) async throws -> Message {
        try await client.request(
            peer.endpoint.description, subject, body, timeout: .seconds(10), headers: headers)
    }

    /// How many answers belonged to no call.
    fileprivate var lateAnswers: Int {
        get async { await client.poller.statistics.dropped(.unknownReply) }
    }
}
