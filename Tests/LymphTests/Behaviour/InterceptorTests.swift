import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

extension Behaviour {
    @Suite("Interceptors", .timeLimit(.minutes(1)))
    struct InterceptorTests {
        private static let places: [PeerConfiguration.HandlerExecutor] = [.pool, .poller]

        // MARK: On a service

        @Test(
            "of a service see requests of every kind and their answers, the first one outermost",
            arguments: Medium.allCases, places)
        func service(_ medium: Medium, _ place: PeerConfiguration.HandlerExecutor) async throws {
            let seen = Notes()
            try await withEcho(medium) {
                $0.handlerExecutor = place
                $0.serviceInterceptors = [Recorder(name: "outer", notes: seen), Recorder(name: "inner", notes: seen)]
            } _: { client, container in
                let echo = client.proxy("echo")
                let text: String = try await echo.upper(text: "foo")
                #expect(text == "FOO")
                #expect(
                    seen.take() == [
                        "outer > echo.upper", "inner > echo.upper", "inner < reply \"FOO\"", "outer < reply \"FOO\"",
                    ])
                await #expect(throws: RemoteError.self) { try await echo.divide(a: 1, b: 0) }
                #expect(seen.take().suffix(1) == ["outer < error DivisionByZero"])
                await #expect(throws: LymphError.self) { try await echo.upper(text: 1) }
                #expect(seen.take().suffix(1) == ["outer < nack rejected"])
                // A raw method's answer is on its way before the method returns.
                try await echo.do_ack()
                try await eventually { seen.contains("outer < channel ACK") }
                await #expect(throws: LymphError.self) { try await echo.forget() }
                try await eventually { seen.contains("outer < channel NACK") }
                let kept: Task<Value, any Error> = echo.keep.defer()
                try await eventually { seen.contains("outer < channel nothing") }
                try await echo.answer_kept()
                #expect(try await kept.value == "at last")
                _ = seen.take()
                let endpoint = try await container.endpoint
                _ = try await client.request(
                    "\(endpoint)", "lymph.change_loglevel", ["qualname": "a", "loglevel": "INFO"])
                #expect(seen.take().suffix(1) == ["outer < reply nil"])
                await #expect(throws: LymphError.self) { try await echo.lower(text: "foo") }
                #expect(seen.take() == [])
            }
        }

        @Test("of a service know the sender and the trace of a request", arguments: Medium.allCases)
        func request(_ medium: Medium) async throws {
            let seen = Notes()
            let describe = Check { request in
                if request.isHeartbeat { return nil }
                seen.add("\(request.peer) \(request.traceID) \(request.message.headers["x"] ?? .nil)")
                seen.add("\(request.isBuiltin)")
                return nil
            }
            try await withEcho(medium) {
                $0.serviceInterceptors = [describe]
            } _: { client, _ in
                try await TraceContext.with(id: "abc") {
                    _ = try await client.proxy("echo").with(headers: ["x": 1]).upper(text: "foo")
                }
                let endpoint = try #require(await client.poller.endpoint)
                #expect(seen.take() == ["\(endpoint) abc 1", "false"])
            }
        }

        @Test(
            "of a service refuse requests, and the method does not run", arguments: Medium.allCases,
            ["echo.upper", "echo.do_ack", "lymph.status"])
        func refusal(_ medium: Medium, _ subject: String) async throws {
            let guardian = Check { request in
                request.subject == subject
                    ? Refusal(.unauthorized, "not for \(request.subject)", log: "a stranger") : nil
            }
            try await withEcho(medium) {
                $0.serviceInterceptors = [guardian]
            } _: { client, container in
                let address = "\(try await container.endpoint)"
                let error = await #expect(throws: LymphError.self) {
                    try await client.request(address, subject, ["text": "foo"])
                }
                #expect(error?.reason == .unauthorized)
                #expect(error?.message.contains("not for \(subject)") == true)
                _ = try await client.request(address, "echo.count")
            }
        }

        @Test(
            "that are slow let peers occupy no more than the limit, including built-in methods",
            arguments: Medium.allCases)
        func limit(_ medium: Medium) async throws {
            let release = Gate<Void>()
            let holding = Hold(release: release)
            try await withEcho(medium) {
                $0.maxConcurrentRequests = 1
                $0.serviceInterceptors = [holding]
            } _: { client, container in
                let address = "\(try await container.endpoint)"
                let first = Task { try await client.request(address, "lymph.status").kind }
                try await eventually { await container.client.poller.runningRequests == 1 }
                let error = await #expect(throws: LymphError.self) { try await client.request(address, "lymph.status") }
                #expect(error?.reason == .overloaded)
                release.open(.success(()))
                #expect(try await first.value == .reply)
            }
        }

        // MARK: On a client

        /// Runs `body` with a client that has these interceptors, and a service.
        private func withDetours(
            _ medium: Medium, _ detours: Detour..., body: (Client) async throws -> Void
        ) async throws {
            let fixture = Fixture(medium)
            try await withServiceContainer(try fixture.container()) { _ in
                try await withClient(fixture.client { $0.clientInterceptors = detours }, body)
            }
        }

        @Test("of a client change calls, the first one outermost", arguments: Medium.allCases)
        func client(_ medium: Medium) async throws {
            let seen = Notes()
            let outer = Detour { call, next in
                seen.add("\(call.address) \(call.subject)")
                var call = call
                call.subject = "echo.echo"
                call.options.headers["x-sent"] = 7
                return try await next(call)
            }
            let inner = Detour { call, next in
                seen.add("\(call.subject) \(call.options.headers)")
                var call = call
                call.arguments = try Value.map(["text": "other"]).encoded()
                let answer = try await next(call)
                seen.add("\(try answer.body)")
                return answer
            }
            try await withDetours(medium, outer, inner) { client in
                let text: String = try await client.proxy("echo").upper(text: "foo")
                #expect(text == "other")
                #expect(seen.take() == ["echo echo.upper", "echo.echo [\"x-sent\": 7]", "\"other\""])
            }
        }

        @Test("of a client answer themselves, or call again", arguments: Medium.allCases)
        func again(_ medium: Medium) async throws {
            let seen = Notes()
            let detour = Detour { call, next in
                if call.subject == "echo.cached" { return try .reply("from here") }
                do { return try await next(call) } catch let error as RemoteError {
                    seen.add(error.type)
                    return try await next(call)
                }
            }
            try await withDetours(medium, detour) { client in
                let text: String = try await client.proxy("echo").cached()
                #expect(text == "from here")
                await #expect(throws: RemoteError.self) { try await client.proxy("echo").divide(a: 1, b: 0) }
                #expect(seen.take() == ["DivisionByZero"])
                let calls = await client.poller.statistics.all.filter { $0.name == "lymph.client.calls" }
                #expect(calls.map(\.value) == [2])
            }
        }

        @Test("of a client can't send what Python peers would never answer", arguments: Medium.allCases)
        func subject(_ medium: Medium) async throws {
            let detour = Detour { call, next in
                var call = call
                call.subject = "upper"
                return try await next(call)
            }
            try await withDetours(medium, detour) { client in
                let error = await #expect(throws: LymphError.self) { try await client.proxy("echo").upper(text: "foo") }
                #expect(error?.code == .invalidRequest)
            }
        }
    }
}

/// What interceptors have seen, in order.
private final class Notes: Sendable {
    private let lines = Lock<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    func contains(_ line: String) -> Bool { lines.withLock { $0.contains(line) } }

    func take() -> [String] {
        lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }
}

extension Request {
    /// Peers may send it at any time.
    fileprivate var isHeartbeat: Bool { subject == "lymph.ping" }
}

private struct Recorder: ServiceInterceptor {
    let name: String
    let notes: Notes

    func intercept(_ request: Request, next: ServiceChain) async -> Answer {
        if request.isHeartbeat { return await next() }
        notes.add("\(name) > \(request.subject)")
        let answer = await next()
        notes.add("\(name) < \(Self.describe(answer))")
        return answer
    }

    private static func describe(_ answer: Answer) -> String {
        switch answer {
        case .reply(let body): "reply \((try? Value(decoding: body)) ?? .nil)"
        case .error(let error): "error \(error.type)"
        case .nack(let refusal): "nack \(refusal.reason)"
        case .channel(let first): "channel \(first?.rawValue ?? "nothing")"
        }
    }
}

private struct Check: ServiceInterceptor {
    let refusal: @Sendable (Request) -> Refusal?

    func intercept(_ request: Request, next: ServiceChain) async -> Answer {
        if let refusal = refusal(request) { return .nack(refusal) }
        return await next()
    }
}

private struct Hold: ServiceInterceptor {
    let release: Gate<Void>

    func intercept(_ request: Request, next: ServiceChain) async -> Answer {
        try? await release.value()
        return await next()
    }
}

private struct Detour: ClientInterceptor {
    let body: @Sendable (OutgoingCall, ClientChain) async throws -> Lymph.Message

    func intercept(_ call: OutgoingCall, next: ClientChain) async throws -> Lymph.Message {
        try await body(call, next)
    }
}
