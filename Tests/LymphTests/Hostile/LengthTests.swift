import MessagePack
import Testing

@testable import Lymph

extension Hostile {
    /// Text that a stranger chose is shortened before it is logged or forwarded.
    @Suite("Lengths", .timeLimit(.minutes(1)))
    struct LengthTests {
        private static let long = String(repeating: "x", count: 500_000)
        /// More than any line needs.
        private static let limit = 4096

        /// Messages of half a megabyte, and how many methods answer them.
        private static let messages: [(name: String, frames: [[UInt8]])] = [
            ("a subject without a dot", frames(about: long)),
            ("an interface", frames(about: long + ".x")),
            ("a method", frames(about: "echo." + long)),
            ("a method of the builtin interface", frames(about: "lymph." + long)),
            ("the subject of an answer", frames(kind: "REP", about: long)),
            ("a kind", frames(kind: long)),
            ("a version", frames(headers: header("version", .string(long)))),
            (
                "a version that is a list",
                frames(headers: header("version", .array(Array(repeating: 1, count: 100_000))))
            ),
            ("headers that are a text", frames(headers: encoded(.string(long)))),
            ("the name of a header", frames(headers: header(long, 1)) + [[]]),
            ("the name of an argument", frames(body: header(long, 1))),
            ("an argument", frames(body: header("text", .array(Array(repeating: 1, count: 100_000))))),
            (
                "a log level",
                frames(about: "lymph.change_loglevel", body: encoded(["qualname": "x", "loglevel": .string(long)]))
            ),
            (
                "a logger's name",
                frames(
                    about: "lymph.change_loglevel",
                    body: encoded(["qualname": .string(long), "loglevel": "TRACE", "period": 1]))
            ),
        ]

        private static func encoded(_ value: Value) -> [UInt8] { (try? value.encoded()) ?? [] }
        private static func header(_ name: String, _ value: Value) -> [UInt8] { encoded(.map([.string(name): value])) }

        @Test("no line in the log is long", arguments: messages.indices)
        func lines(_ index: Int) async throws {
            let (name, message) = Self.messages[index]
            try await withStage(.inMemory) { stage in
                let before = stage.log.count
                try await stage.peer.send(message)
                try await stage.expectService()
                let sizes = stage.log.lines(after: before).map(\.size)
                #expect(sizes.count == 1, "\(name)")
                #expect(sizes.allSatisfy { $0 < Self.limit }, "\(name)")
            }
        }

        @Test(
            "a trace id that is too long for the next service does not affect other calls",
            arguments: Medium.allCases)
        func traces(_ medium: Medium) async throws {
            let fixture = Fixture(medium)
            let inner = try fixture.container { $0.maxMessageBytes = 400_000 }
            let outer = try fixture.container([.init(RelayService.self, as: "relay")])
            try await withServiceContainer(inner) { _ in
                try await withServiceContainer(outer) { endpoint in
                    try await withClient(fixture.client()) { client in
                        let relay = client.proxy("relay", timeout: .seconds(30))
                        let _: String = try await relay.upper(text: "a")
                        // Another caller's call is in flight on the connection that both services share.
                        let waiting = relay.defer("hold")
                        try await eventually { await inner.client.poller.runningRequests == 1 }
                        let peer = try await RawPeer(fixture, target: endpoint)
                        try await peer.request(
                            "relay.upper", ["text": "a"], id: "long", headers: ["trace_id": .string(Self.long)])
                        let answer = await peer.next()
                        #expect(answer.subject == "long")
                        // The inner service would close a connection on a frame that is too long.
                        try await client.proxy("echo").call("let_go")
                        #expect(try await waiting.value == .nil)
                        await peer.close()
                    }
                }
            }
        }
    }
}

/// A service that calls another one.
private actor RelayService: Interface {
    static let routes = Routes<RelayService> {
        RPC("upper", "text") { (relay, text: String) -> String in
            try await relay.proxy("echo", timeout: .seconds(20)).upper(text: text)
        }
        RPC("hold") { relay in try await relay.proxy("echo", timeout: .seconds(20)).call("hold") }
    }
}
