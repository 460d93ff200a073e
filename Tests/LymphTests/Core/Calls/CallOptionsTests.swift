import MessagePack
import Testing

@testable import Lymph

@Suite("Options of calls", .timeLimit(.minutes(1)))
struct CallOptionsTests {
    private static let (one, two): (Duration, Duration) = (.seconds(1), .seconds(2))

    @Test(
        "an inner timeout takes precedence",
        arguments: [(nil, nil, nil), (one, nil, one), (nil, two, two), (one, two, one)]
            as [(Duration?, Duration?, Duration?)])
    func timeouts(inner: Duration?, outer: Duration?, expected: Duration?) {
        #expect(CallOptions(timeout: inner).over(CallOptions(timeout: outer)).timeout == expected)
    }

    @Test(
        "headers are joined, and the inner ones win",
        arguments: [
            ([:], [:], [:]), (["a": 1], [:], ["a": 1]), ([:], ["a": 1], ["a": 1]),
            (["a": 1, "b": 2], ["b": 3, "c": 4], ["a": 1, "b": 2, "c": 4]), (["a": nil], ["a": 1], ["a": nil]),
        ] as [([String: Value], [String: Value], [String: Value])])
    func headers(inner: [String: Value], outer: [String: Value], expected: [String: Value]) {
        #expect(CallOptions(headers: inner).over(CallOptions(headers: outer)).headers == expected)
    }

    @Test("scopes nest, and end")
    func scopes() async throws {
        #expect(CallOptions.current?.timeout == nil)
        let result = await withCallOptions(timeout: Self.one, headers: ["a": 1]) {
            #expect(CallOptions.current?.timeout == Self.one)
            await withCallOptions(headers: ["b": 2]) {
                #expect(CallOptions.current?.timeout == Self.one)
                #expect(CallOptions.current?.headers == ["a": 1, "b": 2])
                await withCallOptions(timeout: Self.two, headers: ["a": 3]) {
                    #expect(CallOptions.current?.timeout == Self.two)
                    #expect(CallOptions.current?.headers == ["a": 3, "b": 2])
                    let inherited = await Task { CallOptions.current?.timeout }.value
                    #expect(inherited == Self.two)
                    let detached = await Task.detached { CallOptions.current?.timeout }.value
                    #expect(detached == nil)
                }
            }
            #expect(CallOptions.current?.headers == ["a": 1])
            return 7
        }
        #expect(result == 7)
        #expect(CallOptions.current == nil)
        await #expect(throws: CancellationError.self) {
            try await withCallOptions(timeout: Self.one) { throw CancellationError() }
        }
    }

    /// Which timeout applies to a call; the error of a client that doesn't run names it.
    @Test(
        "the call's own timeout comes first, then the scope's, the proxy's and the configuration's",
        arguments: [
            (nil, nil, nil, 4), (nil, nil, 3, 3), (nil, 2, 3, 2), (nil, 2, nil, 2), (1, 2, 3, 1), (1, nil, 3, 1),
        ] as [(Int?, Int?, Int?, Int)])
    func precedence(own: Int?, scope: Int?, proxy: Int?, expected: Int) async throws {
        func time(_ milliseconds: Int?) -> Duration? { milliseconds.map { .milliseconds($0) } }
        let client = Fixture(.inMemory).client { $0.timeout = .milliseconds(4) }
        let echo = client.proxy("echo", timeout: time(proxy)).with(timeout: .seconds(100)).with(timeout: time(own))
        let plain = client.proxy("echo", timeout: time(proxy))
        await expect(.stopped, "did not run within \(Duration.milliseconds(expected));") {
            try await withCallOptions(timeout: time(scope)) {
                try await (own == nil ? plain : echo).call("upper", text: "a")
            }
        }
    }

    @Test("with() adds to an earlier with()")
    func with() {
        let proxy = Fixture(.inMemory).client().proxy("echo", timeout: Self.one)
            .with(timeout: Self.two, headers: ["a": 1, "b": 2]).with(headers: ["b": 3])
        #expect(proxy.overrides.timeout == Self.two)
        #expect(proxy.overrides.headers == ["a": 1, "b": 3])
        #expect(proxy.defaults.timeout == Self.one)
    }
}
