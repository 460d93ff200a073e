package import Lymph
internal import MessagePack

/// Another level for loggers of many processes, for a while.
package struct LogLevelChange: Sendable {
    /// What has come of it at one process.
    package struct Outcome: Sendable {
        package let endpoint: Endpoint
        /// Nil if the process has changed its level.
        package let error: (any Error)?
    }

    private let logger: String
    private let level: PythonLevel
    private let period: Duration

    /// - Parameters:
    ///   - logger: The logger, and those whose names begin with it and a dot; empty for all.
    ///   - period: After this each process goes back to its own level.
    package init(of logger: String, to level: PythonLevel, for period: Duration) {
        self.logger = logger
        self.level = level
        self.period = period
    }

    /// Tells all processes at the same time.
    ///
    /// - Returns: What has come of it, by address.
    package func apply(
        at endpoints: [Endpoint], by client: Client, within timeout: Duration
    ) async -> [Outcome] {
        let body: Value = [
            "qualname": .string(logger), "loglevel": .string(level.rawValue), "period": .double(period.inSeconds),
        ]
        return await withTaskGroup(of: Outcome.self) { group in
            for endpoint in endpoints {
                group.addTask {
                    do {
                        _ = try await client.request(
                            endpoint.description, BuiltinInterface.Method.changeLogLevel.subject, body, timeout: timeout
                        )
                        return Outcome(endpoint: endpoint, error: nil)
                    } catch {
                        return Outcome(endpoint: endpoint, error: error)
                    }
                }
            }
            var outcomes: [Outcome] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes.sorted { $0.endpoint.description < $1.endpoint.description }
        }
    }
}
