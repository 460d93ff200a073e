package import Lymph
internal import MessagePack

/// A temporary log level for loggers of many processes.
package struct LogLevelChange: Sendable {
    /// The result for one process.
    package struct Outcome: Sendable {
        package let endpoint: Endpoint
        /// Nil if the process changed its level.
        package let error: (any Error)?
    }

    private let logger: String
    private let level: PythonLevel
    private let period: Duration

    /// - Parameters:
    ///   - logger: The logger, including loggers whose names extend it with a dot; empty for all.
    ///   - period: How long the change lasts; then each process returns to its own level.
    package init(of logger: String, to level: PythonLevel, for period: Duration) {
        self.logger = logger
        self.level = level
        self.period = period
    }

    /// Changes the level in all processes concurrently.
    ///
    /// - Returns: The results, ordered by address.
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
