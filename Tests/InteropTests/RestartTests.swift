import FreePort
import Lymph
import MessagePack
import Testing

/// Python dies without notice, and comes back at the same address.
@Suite("Restart", .needsPython, .python, .pythonLog, .serialized, .timeLimit(.minutes(2)))
struct RestartTests {
    let python: Python

    init() throws { python = try .shared() }

    @Test("Calls fail while Python is down and are not executed later; then they work again")
    func restart() async throws {
        let brief = python.echo.with(timeout: .milliseconds(300))
        #expect(try await python.call("swift.upper", ["text": "before"]).value == "BEFORE")
        let running = python.echo.with(timeout: .seconds(60)).defer("sleep", seconds: 30)
        try await python.echo.call("note", token: "before")
        await python.peer.kill()

        // The end of the connection may be noticed a moment after the first of these calls.
        var attempts = 0
        try await eventually(
            "the connection did not break",
            {
                attempts += 1
                let error = await failure { try await brief.call("note", token: "soon after \(attempts)") }
                #expect(error?.code == .notConnected || error?.code == .timeout)
                return error?.code == .notConnected
            })
        await withTaskGroup { group in
            for number in 0..<20 {
                group.addTask {
                    let error = await failure { try await brief.call("note", token: "while down \(number)") }
                    #expect(error?.code == .notConnected)
                    // The error tells the caller that the call may be repeated.
                    #expect(error?.execution == LymphError.Execution.none)
                }
            }
        }
        let waiting = python.echo.with(timeout: .seconds(30), waitForReady: true)
        let cancelled = waiting.defer("note", token: "cancelled")
        let patient = waiting.defer("note", token: "patient")
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        let second = try await withClient(Client(registry: StaticRegistry(), logger: Python.quiet)) {
            try await PythonPeer.start(at: python.peer.endpoint.port, askedBy: $0)
        }
        try await PythonPeer.ending(second) {
            let start = ContinuousClock.now
            try await python.echo.with(timeout: .seconds(5), waitForReady: true).call("note", token: "after")
            #expect(.now - start < .seconds(5))
            _ = try await patient.value
            // Python calls over its own new connection, and is answered over the one to its new self.
            #expect(try await python.call("swift.upper", ["text": "after"]).value == "AFTER")
            for number in 0..<50 { #expect(try await python.echo.call("echo", value: number) == number) }
            let noted: Set<String> = try await python.echo.call("noted")
            #expect(noted == ["after", "patient"])
            // Nobody can know whether what was running when Python died was completed.
            let error = await failure { try await running.value }
            #expect(error?.code == .connectionLost && error?.execution == .unknown)
        }
    }

    private func failure(_ body: () async throws -> Value) async -> LymphError? {
        await #expect(throws: LymphError.self) { _ = try await body() }
    }
}

/// A Swift service is restarted at the same address while Python lives on.
@Suite("Restart of a Swift service", .needsPython, .python, .pythonLog, .serialized, .timeLimit(.minutes(2)))
struct SwiftRestartTests {
    let python: Python

    init() throws { python = try .shared() }

    @Test("Python's calls reach a Swift service that was restarted")
    func restart() async throws {
        let port = try freePort()
        for text in ["first", "second", "third"] {
            let container = try ServiceContainer(
                interfaces: [.init(SwiftService.self, as: "swift")], registry: StaticRegistry(),
                configuration: .init(port: port, drainDelay: .zero), logger: Python.quiet)
            try await withServiceContainer(container) { endpoint in
                // Python's socket needs a moment to notice, and loses what it sends until then.
                try await eventually("Python does not reach the service any more") {
                    let call = try await python.call(to: endpoint, "swift.upper", ["text": "\(text)"], timeout: 1)
                    return call.value == .string(text.uppercased())
                }
            }
        }
    }
}
