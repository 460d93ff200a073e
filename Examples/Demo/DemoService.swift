import Lymph

/// Calls the echo service in rounds, for as long as this service runs.
actor DemoService: Interface {
    /// The interface's section of the configuration.
    private struct Settings: ConfigurationSection {
        var interval = Duration.seconds(3)
    }

    let context: InterfaceContext
    private let interval: Duration
    private var rounds = 0
    private var calls: Task<Void, Never>?

    init(context: InterfaceContext) throws {
        self.context = context
        interval = try context.configuration.decode(Settings.self).interval
    }

    /// The service that this one calls. While it restarts, calls wait for it, within their timeout.
    private var echo: Proxy { proxy("echo", timeout: .seconds(5)).with(waitForReady: true) }

    func start() {
        calls = Task { await callAgainAndAgain() }
    }

    func stop() async {
        calls?.cancel()
        await calls?.value
    }

    private func callAgainAndAgain() async {
        do {
            while true {
                try await Task.sleep(for: interval)
                // All calls of a round belong to one trace, which every service involved names in its log.
                try await TraceContext.with(id: "round-\(rounds + 1)") { try await makeRound() }
                rounds += 1
                logger.info("round \(rounds) is over")
            }
        } catch {
            // The service stops.
        }
    }

    private func makeRound() async throws {
        try await step("a plain call: the type is that of the variable") {
            let text: String = try await echo.upper(text: "hello")
            return text
        }
        try await step("without a type, a dynamic value") {
            try await echo.call("upper", text: "hello")
        }
        try await step("a deferred call: a task at once, its value later") {
            let later: Task<String, any Error> = echo.defer("upper", text: "later")
            return try await later.value
        }
        try await step("several calls at the same time") {
            async let one: String = echo.upper(text: "one")
            async let two: String = echo.upper(text: "two")
            return try await [one, two].joined(separator: " ")
        }
        try await step("the whole answer: an ACK, which has no result") {
            try await request("echo", "echo.do_ack", [String: String]()).kind.rawValue
        }
        try await step("an error that the method declares") {
            try await echo.divide(a: 1, b: 0)
        }
        try await step("a method that takes longer than its caller waits") {
            try await echo.with(timeout: .milliseconds(200)).sleep(seconds: 5)
        }
        try await step("a method that isn't there") {
            try await echo.lower(text: "HELLO")
        }
    }

    /// Makes a call and logs its result, or the error that it ended with.
    private func step<R: Sendable>(_ name: String, _ call: () async throws -> R) async throws {
        do {
            let result = try await call()
            logger.info("\(name)", metadata: ["result": "\(result)"])
        } catch let error as RemoteError {
            logger.info("\(name)", metadata: ["remote_error": "\(error)"])
        } catch let error as LymphError {
            logger.info("\(name)", metadata: ["error": "\(error)"])
        }
    }

    static var routes: Routes<DemoService> {
        RPC("rounds", help: "How many rounds of calls are over.") { demo in demo.rounds }
    }
}
