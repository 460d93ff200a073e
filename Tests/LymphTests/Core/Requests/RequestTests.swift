import MessagePack
import Testing

@testable import Lymph

private actor Desk: Interface {
    static let routes = Routes<Desk> {
        RPC("describe") { _ in
            guard let request = Request.current else { return "none" }
            return
                "\(request.subject) \(request.headers["tenant"] ?? .nil) \(request.version?.description ?? "any") \(request.isBuiltin)"
        }
        RPC("trace") { _ in Request.current?.traceID == TraceContext.id }
        RPC("sender") { _ in Request.current?.peer.endpoint.description }
        RPC("inner") { _ in
            async let child = Request.current?.subject
            let task = Task { Request.current?.subject }
            let detached = Task.detached { Request.current?.subject }
            return [await child, await task.value, await detached.value]
        }
        RPC("stamp", "how") { (_, how: String) in
            try Request.current?.setReplyHeader("stamp", "first")
            try Request.current?.setReplyHeader("stamp", ["by": .string(how)])
            #expect(throws: (any Error).self) { try Request.current?.setReplyHeader("__type__", 1) }
            switch how {
            case "error": throw Stamped()
            case "refusal": throw Refusal(.unauthorized, "not you", log: "a stranger")
            case "failure": throw CancellationError()
            default: break
            }
        }
        RPC("late") { _ in
            try Request.current?.setReplyHeader("stamp", "plain")
            try Request.current?.setReplyHeader("trace_id", "mine")
            try Request.current?.setReplyHeader("version", "9.9.9")
        }
        RawRPC("raw") { _, channel, _ in
            try Request.current?.setReplyHeader("stamp", "request")
            try await channel.addHeader("other", "channel")
            await channel.ack()
        }
    }

    struct Stamped: Error {}
}

/// What a method, an interceptor and the tasks that they start know of the request.
@Suite("The request at hand")
struct RequestTests {
    private func withDesk(
        _ medium: Medium, version: Version? = nil, _ body: (Client) async throws -> Void
    ) async throws {
        let interfaces: [InterfaceDefinition] = [.init(Desk.self, as: "desk", version: version)]
        try await withEcho(medium, interfaces: interfaces) { client, _ in try await body(client) }
    }

    @Test("subject, headers and version", arguments: Medium.allCases)
    func contents(_ medium: Medium) async throws {
        try await withDesk(medium, version: "1.5.0") { client in
            let desk = client.proxy("desk").with(headers: ["tenant": "acme"])
            let (text, isSame, sender): (String, Bool, String) = try await (
                desk.describe(), desk.trace(), desk.sender()
            )
            #expect(text == #"desk.describe "acme" 1.5.0 false"#)
            #expect(isSame)
            #expect(sender == "\(await client.poller.endpoint?.description ?? "")")
        }
        try await withDesk(medium) { client in
            let text: String = try await client.proxy("desk").describe()
            #expect(text == "desk.describe nil any false")
        }
        #expect(Request.current == nil)
    }

    @Test("the tasks that a method starts have it, detached ones don't")
    func tasks() async throws {
        try await withDesk(.inMemory) { client in
            let subjects: [String?] = try await client.proxy("desk").inner()
            #expect(subjects == ["desk.inner", "desk.inner", nil])
        }
    }

    @Test("headers of the answer, whatever it is", arguments: Medium.allCases)
    func replyHeaders(_ medium: Medium) async throws {
        try await withDesk(medium) { client in
            for how in ["reply", "error", "refusal", "failure"] {
                let answer = try await client.answer("desk.stamp", ["how": .string(how)])
                #expect(answer.headers["stamp"] == ["by": .string(how)], "\(how)")
            }
            let nack = try await client.answer("desk.stamp", ["how": "refusal"])
            #expect(nack.kind == .nack && nack.headers.reason == .unauthorized)
            #expect(nack.headers["detail"] == "not you")
        }
    }

    @Test("headers of the framework can't be replaced")
    func framework() async throws {
        try await withDesk(.inMemory, version: "1.0.0") { client in
            let answer = try await client.request("desk", "desk.late", [:] as Value)
            #expect(answer.headers["stamp"] == "plain")
            #expect(answer.headers["version"] == "1.0.0")
            #expect(answer.headers["trace_id"] != "mine")
        }
    }

    @Test("a raw method's channel has the same headers")
    func raw() async throws {
        try await withDesk(.inMemory) { client in
            let answer = try await client.request("desk", "desk.raw", [:] as Value)
            #expect(answer.kind == .ack)
            #expect(answer.headers["stamp"] == "request" && answer.headers["other"] == "channel")
        }
    }

    @Test("a chosen trace is another one, but the request stays")
    func chosenTrace() async throws {
        let bench = ServingBench()
        let scope = Scope(nil, .request(bench.request([0x80])))
        await Scope.$current.withValue(scope) {
            #expect(Request.current?.subject == "stub.method")
            await TraceContext.with(id: "mine") {
                #expect(Request.current?.subject == "stub.method")
                #expect(Request.current?.traceID == "abc")
                #expect(TraceContext.id == "mine")
            }
        }
    }

    @Test("a request without reply headers makes no store for them")
    func lazy() throws {
        let work = ServingBench().request([0x80])
        #expect(work.ownHeaders.isEmpty)
        try Request(work).setReplyHeader("a", 1)
        #expect(work.ownHeaders == ["a": [1]])
        #expect(throws: (any Error).self) {
            try Request(work).setReplyHeader("b", (0..<100).reduce(Value.nil) { value, _ in [value] })
        }
        #expect(work.ownHeaders.count == 1)
    }
}

extension Client {
    /// The whole answer, also one that callers get as an error.
    fileprivate func answer(_ subject: String, _ body: Value) async throws -> Message {
        try await poller.call(
            Call(
                Target("desk", version: nil), subject, try body.encoded(), trace: nil, timeout: .seconds(30),
                options: CallOptions(), now: poller.loop.now))
    }
}
