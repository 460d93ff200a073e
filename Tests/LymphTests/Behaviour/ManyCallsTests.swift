import MessagePack
import Testing

@testable import Lymph

extension Behaviour {
    @Suite("Many calls", .timeLimit(.minutes(2)))
    struct LoadTests {
        @Test("10 000 concurrent calls from one client complete", arguments: Medium.allCases)
        func tenThousand(_ medium: Medium) async throws {
            try await withEcho(medium) { client, _ in
                let echo = client.proxy("echo", timeout: .seconds(60))
                // Connecting is not what is tested.
                try await echo.with(waitForReady: true).call("reset")
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<10_000 {
                        group.addTask { try await echo.echo(text: number) as Int == number }
                    }
                    for try await isRight in group { #expect(isRight) }
                }
            }
        }

        @Test("calls complete in any order", arguments: Medium.allCases)
        func order(_ medium: Medium) async throws {
            try await withEcho(medium) { client, _ in
                let echo = client.proxy("echo", timeout: .seconds(30))
                let kept = echo.defer("keep")
                for _ in 0..<10 { try await echo.call("upper", text: "x") }
                // The first call of all ends last: `keep` is answered when somebody asks for it.
                try await eventually {
                    try await echo.call("answer_kept")
                    return await client.poller.waitingCalls == 0
                }
                #expect(try await kept.value == "at last")
            }
        }

        @Test(
            "a handler that blocks its actor delays only its interface, and pings are answered",
            arguments: Medium.allCases)
        func blockedActor(_ medium: Medium) async throws {
            let echo = EchoService()
            let interfaces: [InterfaceDefinition] = [
                .init(as: "echo") { _ in echo }, .init(EchoService.self, as: "other"),
            ]
            try await withEcho(medium, interfaces: interfaces) { client, container in
                // Whatever fails, the thread must not stay blocked.
                defer { echo.letGo() }
                let blocked = client.proxy("echo").defer("block")
                try await eventually { await container.client.poller.runningRequests == 1 }
                let behind = client.proxy("echo").defer("count")
                let address = try await container.endpoint.description
                for _ in 0..<5 {
                    let text: String = try await client.proxy("other").upper(text: "a")
                    #expect(text == "A")
                    try await client.proxy(address, interface: "lymph").call("ping")
                }
                #expect(await client.poller.waitingCalls == 2)
                echo.letGo()
                _ = try await blocked.value
                #expect(try await behind.value == 0)
            }
        }

        @Test("more requests than may run are refused", arguments: Medium.allCases)
        func overload(_ medium: Medium) async throws {
            try await withFixture(medium) { fixture in
                try await withEcho(fixture, server: { $0.maxConcurrentRequests = 5 }) { client, container in
                    let echo = client.proxy("echo", timeout: .seconds(30))
                    let calls = (0..<5).map { _ in echo.defer("sleep", seconds: 20) }
                    try await eventually { await container.client.poller.runningRequests == 5 }
                    do {
                        try await echo.call("upper", text: "a")
                        Issue.record("nothing was thrown")
                    } catch let error as LymphError {
                        #expect(error.code == .nack)
                        #expect(error.reason == .overloaded)
                        #expect(error.execution == LymphError.Execution.none)
                    }
                    // The poller itself still answers.
                    let address = try await container.endpoint.description
                    try await client.proxy(address, interface: "lymph").call("ping")
                    for call in calls { call.cancel() }
                    for call in calls { await finish(call) }
                }
            }
        }

        @Test("handlers can run on the poller's thread", arguments: Medium.allCases)
        func pollerExecutor(_ medium: Medium) async throws {
            try await withEcho(medium, server: { $0.handlerExecutor = .poller }) { client, container in
                let echo = client.proxy("echo", timeout: .seconds(30))
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<500 {
                        group.addTask { try await echo.echo(text: number) as Int == number }
                        group.addTask {
                            try await echo.call("sleep", seconds: 0.01)
                            return true
                        }
                    }
                    for try await isRight in group { #expect(isRight) }
                }
                #expect(await container.client.poller.runningRequests == 0)
            }
        }
    }
}
