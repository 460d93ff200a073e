import Lymph
import MessagePack
import Testing

extension Behaviour {
    @Suite("Calls", .timeLimit(.minutes(1)))
    struct CallTests {
        @Test("every spelling of a call works", arguments: Medium.allCases)
        func spellings(_ medium: Medium) async throws {
            try await withEcho(medium) { client, _ in
                let echo = client.proxy("echo", timeout: .seconds(2))
                let text: String = try await echo.call("upper", text: "foo")
                #expect(text == "FOO")
                let same: String = try await echo.upper(text: "foo")
                #expect(same == "FOO")
                let any = try await echo.call("upper", text: "foo")
                #expect(any == .string("FOO"))
                try await echo.call("upper", text: "foo")
                let later = echo.defer("upper", text: "foo")
                let bar: Task<String, any Error> = echo.upper.defer(text: "bar")
                #expect(try await later.value == "FOO")
                #expect(try await bar.value == "BAR")
                let reply = try await client.request("echo", "echo.upper", ["text": "foo"])
                #expect(reply.kind == .reply)
                #expect(try reply.body == "FOO")
                #expect(try reply.decode(String.self) == "FOO")
            }
        }

        @Test("a call that ignores its result accepts any", arguments: Medium.allCases)
        func void(_ medium: Medium) async throws {
            try await withEcho(medium) { client, _ in
                let echo = client.proxy("echo")
                let _: Void = try await echo.reset()
                let _: Void = try await echo.call("upper", text: "foo")
                let later: Task<Void, any Error> = echo.upper.defer(text: "foo")
                try await later.value
                func release() async throws { try await echo.release() }
                try await release()
                let _: Void = try await echo.do_ack()
                #expect(try await echo.count() as Int == 2)
                await expect(.nack, "failed") { let _: Void = try await echo.fail() }
            }
        }

        @Test("a refused caller learns why", arguments: Medium.allCases)
        func refusals(_ medium: Medium) async throws {
            try await withEcho(medium) { client, _ in
                let echo = client.proxy("echo")
                await expect(.nack, #"rejected: unknown argument "txt"; it takes text"#) {
                    try await echo.upper(txt: "foo")
                }
                await expect(.nack, #"rejected: argument "text" is not a String"#) { try await echo.upper(text: 1) }
                await expect(.nack, #"rejected: echo has no method "uper""#) { try await echo.uper(text: "foo") }
                let refused = await #expect(throws: LymphError.self) { try await echo.refuse() }
                #expect(refused?.reason == .unauthorized && refused?.message.hasSuffix(": not yours") == true)
            }
        }

        @Test("parameters may have several types, defaults, be optional, or be absent", arguments: Medium.allCases)
        func parameters(_ medium: Medium) async throws {
            try await withEcho(medium) { client, _ in
                let echo = client.proxy("echo")
                #expect(try await echo.call("add", a: 1, b: 2) as Int == 3)
                #expect(try await echo.call("add", a: 1) as Int == 2)
                #expect(try await echo.call("greet") as String? == nil)
                #expect(try await echo.call("greet", name: "you") as String? == "hello you")
                #expect(try await echo.call("greet", name: Value.nil) == .nil)
                #expect(try await echo.call("nothing", text: "four") == .nil)
                #expect(try await echo.count() as Int == 4)
                try await echo.call("reset")
                #expect(try await echo.count() as Int == 0)
            }
        }

        @Test("values come back unchanged", arguments: Medium.allCases)
        func values(_ medium: Medium) async throws {
            let values: [Value] = [
                .nil, true, 1, -1, .int(.min), .uint(.max), 1.5, "", "héllo", .binary([0, 255]), [], [1, [2, ["x"]]],
                ["a": 1, "b": ["c": nil]], .set([1, 2]), .undefined, .ext(type: 7, bytes: [1, 2, 3]),
            ]
            try await withEcho(medium) { client, _ in
                for value in values {
                    let result = try await client.proxy("echo").echo(text: value)
                    #expect(result == value)
                }
            }
        }

        @Test("a proxy can be made for an address", arguments: Medium.allCases)
        func address(_ medium: Medium) async throws {
            try await withEcho(medium) { client, container in
                let address = try await container.endpoint.description
                let echo = client.proxy(address, interface: "echo")
                #expect(try await echo.upper(text: "a") as String == "A")
                #expect(try await client.request(address, "echo.upper", ["text": "a"]).source?.description == address)
            }
        }

        @Test(
            "options come from the call, the scope, the proxy and the configuration, in this order",
            arguments: Medium.allCases)
        func options(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                try await withEcho(fixture) { client, _ in
                    // Connecting may take longer than the first of these times.
                    try await client.proxy("echo", timeout: .seconds(30)).call("reset")
                    let slow = client.proxy("echo", timeout: .milliseconds(30))
                    await expect(.timeout, "within 0.03 seconds") { try await slow.sleep(seconds: 10) }
                    try await slow.with(timeout: .seconds(30)).call("sleep", seconds: 0.05)
                    try await withCallOptions(timeout: .seconds(30)) { try await slow.call("sleep", seconds: 0.05) }
                    await expect(.timeout, "within 0.03 seconds") {
                        try await withCallOptions(timeout: .seconds(5)) {
                            try await slow.with(timeout: .milliseconds(30)).call("sleep", seconds: 10)
                        }
                    }
                    await expect(.timeout, "within 0.03 seconds") {
                        try await withCallOptions(timeout: .seconds(5)) {
                            try await withCallOptions(timeout: .milliseconds(30)) {
                                try await client.proxy("echo").call("sleep", seconds: 10)
                            }
                        }
                    }
                }
            }
        }

        @Test("mistakes of the caller are explained, and nothing is sent", arguments: Medium.allCases)
        func mistakes(_ medium: Medium) async throws {
            try await withEcho(medium) { client, _ in
                let echo = client.proxy("echo")
                await expect(.invalidRequest, "argument") { try await echo.call("upper", "foo") }
                await expect(.invalidRequest, "the method's name") { try await echo.call(text: "foo") }
                await expect(.invalidRequest, "interface") {
                    try await client.proxy("tcp://127.0.0.1:1").upper(text: "")
                }
                await expect(.invalidRequest, "tcp://nowhere") {
                    try await client.proxy("tcp://nowhere:1", interface: "echo").upper(text: "")
                }
                await expect(.invalidRequest) { try await client.proxy("echo", version: "x").upper(text: "") }
                await expect(.invalidRequest, "__type__") {
                    try await echo.echo(text: Value.map(["__type__": "no such type"]))
                }
                await expect(.lookupFailure, "ecko") { try await client.proxy("ecko").upper(text: "") }
                let result = try await echo.count() as Int
                #expect(result == 0)
            }
        }

        @Test("a result of an unexpected type is an error", arguments: Medium.allCases)
        func wrongResult(_ medium: Medium) async throws {
            try await withEcho(medium) { client, _ in
                await expect(.invalidReply, "echo.upper") {
                    let _: Int = try await client.proxy("echo").upper(text: "foo")
                }
            }
        }

        @Test("a body of 16 MiB can be sent in both directions", arguments: Medium.allCases)
        func large(_ medium: Medium) async throws {
            try await withEcho(medium) { client, _ in
                let bytes = Value.binary([UInt8](repeating: 7, count: 16 << 20))
                let result = try await client.proxy("echo", timeout: .seconds(30)).echo(text: bytes)
                #expect(result == bytes)
            }
        }

        @Test("a body over the limit is refused on its way out, and on its way back", arguments: Medium.allCases)
        func overTheLimit(_ medium: Medium) async throws {
            try await withEcho(medium, server: { $0.maxMessageBytes = 100_000 }) { client, _ in
                await expect(.nack, "failed") { try await client.proxy("echo").repeat(text: "x", times: 100_000) }
                let text: String = try await client.proxy("echo").repeat(text: "x", times: 90_000)
                #expect(text.count == 90_000)
                await expect(.invalidRequest, "allowed") {
                    try await client.request(
                        "echo", "echo.echo", ["text": Value.binary([UInt8](repeating: 0, count: 1 << 26))])
                }
            }
        }

        @Test("the first call to a peer succeeds")
        func firstCall() async throws {
            for _ in 0..<20 {
                try await withEcho(.zeroMQ) { client, _ in
                    let result = try await client.proxy("echo", timeout: .seconds(20)).upper(text: "a") as String
                    #expect(result == "A")
                }
            }
        }
    }
}
