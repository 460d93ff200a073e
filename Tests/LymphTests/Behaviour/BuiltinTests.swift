import Logging
import MessagePack
import Testing

@testable import Lymph

extension Behaviour {
    @Suite("The interface lymph", .timeLimit(.minutes(1)))
    struct BuiltinTests {
        private func withBuiltin(
            _ medium: Medium, _ body: (Proxy, ServiceContainer) async throws -> Void
        ) async throws {
            try await withEcho(medium) { client, container in
                let address = try await container.endpoint.description
                try await body(client.proxy(address, interface: "lymph"), container)
            }
        }

        @Test("ping returns its payload", arguments: Medium.allCases)
        func ping(_ medium: Medium) async throws {
            try await withBuiltin(medium) { lymph, _ in
                let nothing = try await lymph.ping()
                #expect(nothing == .nil)
                let value: Value = ["a": [1, 2]]
                let same = try await lymph.ping(payload: value)
                #expect(same == value)
                await expect(.nack) { try await lymph.ping(load: 1) }
                await expect(.nack) { try await lymph.pong() }
            }
        }

        @Test("a long body is refused, because it would be read on the poll thread", arguments: Medium.allCases)
        func longBody(_ medium: Medium) async throws {
            try await withEcho(medium) { client, container in
                let lymph = client.proxy(try await container.endpoint.description, interface: "lymph")
                let text: String = try await lymph.call("ping", payload: String(repeating: "a", count: 65_000))
                #expect(text.utf8.count == 65_000)
                await expect(.nack, "rejected") {
                    try await lymph.call("ping", payload: String(repeating: "a", count: 66_000))
                }
            }
        }

        @Test(
            "with the smallest limit every answer is a refusal, which is counted once", arguments: Medium.allCases)
        func smallestLimit(_ medium: Medium) async throws {
            try await withEcho(medium, server: { $0.maxMessageBytes = 4096 }) { client, container in
                let lymph = client.proxy(try await container.endpoint.description, interface: "lymph")
                await expect(.nack, "failed") { try await lymph.call("ping", payload: "a") }
                let counted = await container.client.poller.statistics.all.filter {
                    $0.name == "lymph.server.requests" && $0.value > 0
                }
                #expect(counted.map(\.value) == [1])
            }
        }

        @Test("a client answers pings, too", arguments: Medium.allCases)
        func clientPing(_ medium: Medium) async throws {
            try await withEcho(medium) { client, container in
                // A call opens the client; afterwards its endpoint is known.
                try await client.proxy("echo").call("reset")
                let address = try #require(await client.poller.endpoint).description
                let pong = try await container.client.proxy(address, interface: "lymph").ping(payload: 1)
                #expect(pong == 1)
                await expect(.nack) { try await container.client.proxy(address, interface: "echo").upper(text: "") }
            }
        }

        @Test("status names the endpoint and the identity", arguments: Medium.allCases)
        func status(_ medium: Medium) async throws {
            try await withBuiltin(medium) { lymph, container in
                let status = try await lymph.status()
                let endpoint = try await container.endpoint
                #expect(status["endpoint"]?.stringValue == endpoint.description)
                #expect(status["identity"]?.stringValue?.count == 32)
            }
        }

        @Test("inspect lists every method with its parameters and its help", arguments: Medium.allCases)
        func inspect(_ medium: Medium) async throws {
            try await withBuiltin(medium) { lymph, _ in
                let methods = try await lymph.inspect()["methods"]?.arrayValue ?? []
                let upper = methods.first { $0["name"] == "echo.upper" }
                #expect(
                    upper == [
                        "name": "echo.upper", "version": "None", "params": ["text"],
                        "help": "Returns `text` in upper case.", "types": ["text": "string"], "returns": "string",
                        "idempotent": false,
                    ])
                let names = methods.compactMap { $0["name"]?.stringValue }
                #expect(names.contains("lymph.ping") && names.contains("echo.do_ack"))
                #expect(Set(names).count == EchoService.routes.all.count + BuiltinInterface.Method.allCases.count)
            }
        }

        @Test("get_metrics returns the counters", arguments: Medium.allCases)
        func metrics(_ medium: Medium) async throws {
            try await withBuiltin(medium) { lymph, _ in
                for _ in 0..<3 { try await lymph.call("ping") }
                let metrics = try await lymph.get_metrics().arrayValue ?? []
                let answered = metrics.first { $0[0] == "lymph.server.requests" && $0[2]?["outcome"] == "REP" }
                #expect(answered?[1]?.intValue == 3)
                #expect(metrics.allSatisfy { $0.arrayValue?.count == 3 })
            }
        }

        @Test("change_loglevel changes the level temporarily", arguments: Medium.allCases)
        func logLevel(_ medium: Medium) async throws {
            try await withBuiltin(medium) { lymph, container in
                let logger = container.client.poller.logger
                #expect(logger.logLevel == .info)
                try await lymph.call("change_loglevel", qualname: "", loglevel: "DEBUG", period: 60)
                #expect(logger.logLevel == .debug)
                try await lymph.call("change_loglevel", qualname: "test", loglevel: 40, period: 60)
                #expect(logger.logLevel == .error)
                try await lymph.call("change_loglevel", qualname: "test", loglevel: "WARNING", period: 0)
                #expect(logger.logLevel == .debug)
                await expect(.nack) { try await lymph.call("change_loglevel", qualname: "", loglevel: "LOUD") }
                await expect(.nack) {
                    try await lymph.call("change_loglevel", qualname: "", loglevel: "DEBUG", period: -1)
                }
            }
        }
    }
}
