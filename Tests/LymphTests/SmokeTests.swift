import Lymph
import MessagePack
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SmokeTests {
    @Test func echo() async throws {
        let registry = try StaticRegistry([:])
        let container = try ServiceContainer(interfaces: [.init(EchoService.self, as: "echo")], registry: registry)
        try await withServiceContainer(container) { endpoint in
            try await withClient(Client(registry: registry)) { client in
                let echo = client.proxy("echo", timeout: .seconds(2))
                let text: String = try await echo.call("upper", text: "foo")
                #expect(text == "FOO")
                let same: String = try await echo.upper(text: "foo")
                #expect(same == "FOO")
                let any = try await echo.call("upper", text: "foo")
                #expect(any == "FOO")
                let later = echo.defer("upper", text: "foo")
                let bar: Task<String, any Error> = echo.upper.defer(text: "bar")
                #expect(try await later.value == "FOO")
                #expect(try await bar.value == "BAR")
                let reply = try await client.request("echo", "echo.upper", ["text": "foo"])
                #expect(try reply.body == "FOO")
                let start = ContinuousClock.now
                for _ in 0..<1000 { let _: String = try await echo.upper(text: "foo") }
                print("1000 calls", ContinuousClock.now - start)
            }
        }
    }
}
