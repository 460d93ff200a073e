import Lymph
import MessagePack
import Testing

/// A Swift client calls a service on Python 2.7, which writes `bin` where Python 3 writes `str`.
@Suite("Answers of Python 2", .timeLimit(.minutes(1)))
struct Python2AnswerTests {
    /// The service as its caller sees it.
    private struct Service {
        let client: Client
        let endpoint: Endpoint

        var echo: Proxy {
            client.proxy(
                endpoint.description, interface: "echo", timeout: .seconds(30),
                errors: ["Mapped": { MappedError(message: $0.message) }])
        }
    }

    /// Calls a service that answers one request with a kind and a body, in Python 2's encoding.
    private func answering<R: Sendable>(
        _ kind: String, _ body: Value, headers: Value = [:], _ call: (Service) async throws -> R
    ) async throws -> R {
        try await answering(kind, bytes: python2(body), headers: python2(headers), call)
    }

    private func answering<R: Sendable>(
        _ kind: String, bytes: [UInt8], headers: [UInt8], _ call: (Service) async throws -> R
    ) async throws -> R {
        let network = InMemoryNetwork()
        let peer = try RawPeer(in: network)
        let client = Client(
            registry: StaticRegistry(), configuration: .init(transport: .inMemory(network)), logger: Python.quiet)
        return try await withClient(client) { client in
            async let served: Void = {
                let request = try await peer.next()
                let caller = try #require(request.source)
                peer.send(kind, id: "answer", subject: "\(request.id)", headers: headers, body: bytes, to: caller)
            }()
            let result = try await call(Service(client: client, endpoint: peer.endpoint))
            try await served
            return result
        }
    }

    private struct MappedError: Error, Equatable {
        let message: String
    }

    @Test("A whole ERROR, byte for byte")
    func bytes() async throws {
        var body: [UInt8] = [0x82, 0xc4, 0x04] + Array("type".utf8) + [0xc4, 0x06] + Array("Broken".utf8)
        body += [0xc4, 0x07] + Array("message".utf8) + [0xc4, 0x04] + Array("text".utf8)
        await #expect(throws: RemoteError(type: "Broken", message: "text")) {
            try await answering("ERROR", bytes: body, headers: [0x80]) { try await $0.echo.call("any") }
        }
    }

    private static let errors: [(Value, RemoteError)] = [
        (["type": "Broken", "message": "text"], RemoteError(type: "Broken", message: "text")),
        (["message": "żółw", "type": "Broken"], RemoteError(type: "Broken", message: "żółw")),
        (["type": "Broken"], RemoteError(type: "Broken")),
        ([:], RemoteError(type: "RemoteError")),
        (nil, RemoteError(type: "RemoteError")),
    ]

    @Test("An ERROR in bin has its type and message", arguments: errors)
    func error(body: Value, expected: RemoteError) async {
        await #expect(throws: expected) {
            try await answering("ERROR", body) { try await $0.echo.call("any") }
        }
    }

    @Test("An error name in bin is mapped to the caller's own error")
    func errorMap() async {
        await #expect(throws: MappedError(message: "text")) {
            try await answering("ERROR", ["type": "Mapped", "message": "text"]) { try await $0.echo.call("any") }
        }
    }

    @Test("Strings, names and objects in bin are decoded as the caller's types")
    func typed() async throws {
        struct Status: Decodable, Equatable {
            let endpoint: String
            let identity: String
        }
        let status = try await answering("REP", ["endpoint": "tcp://127.0.0.1:1", "identity": "i"]) { service in
            try await service.echo.call("status") as Status
        }
        #expect(status == Status(endpoint: "tcp://127.0.0.1:1", identity: "i"))
        let text = try await answering("REP", "foo") { try await $0.echo.call("any") as String }
        #expect(text == "foo")
        let lookup = try await answering("REP", ["a": 1]) { try await $0.echo.call("any") as [String: Int] }
        #expect(lookup == ["a": 1])
        let object: Value = ["__type__": "date", "_": "2015-11-23"]
        let date = try await answering("REP", object) { try await $0.echo.call("any") as CalendarDate }
        #expect("\(date)" == "2015-11-23")
        let any = try await answering("REP", ["when": object]) { try await $0.echo.call("any") as Value }
        #expect(any["when"] == .calendarDate("2015-11-23"))
    }

    @Test("Headers with names in bin are found")
    func headers() async throws {
        let headers: Value = ["colour": "green", "trace_id": "trace", "version": "1.5.0"]
        let reply = try await answering("REP", nil, headers: headers) { service in
            try await service.client.request(service.endpoint.description, "echo.any", timeout: .seconds(30))
        }
        #expect(reply.headers["colour"]?.stringValue == "green")
        #expect(reply.headers["version"]?.stringValue == "1.5.0")
        #expect(reply.headers.traceID == "trace")
    }

    @Test("A reason in bin is read from a NACK")
    func reason() async throws {
        let error = await #expect(throws: LymphError.self) {
            try await answering("NACK", nil, headers: ["reason": "overloaded"]) { try await $0.echo.call("any") }
        }
        #expect(error?.code == .nack && error?.reason == .overloaded)
    }
}
