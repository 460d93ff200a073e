package import Logging

/// How the loggers of a service's process are set up. One call, at the start.
package enum ServiceLogging {
    /// Sets the log up for all loggers that are made from now on.
    ///
    /// - Parameters:
    ///   - settings: Which lines are logged.
    ///   - output: Where they go.
    ///   - isColoured: Whether levels are coloured.
    ///   - handlers: What else gets every line, by the label of its logger.
    package static func bootstrap(
        _ settings: LoggingSettings, output: LogOutput, isColoured: Bool,
        handlers: [@Sendable (String) -> any LogHandler] = []
    ) {
        LoggingSystem.bootstrap { label in
            let level = settings.level(of: label)
            let own = ServiceLogHandler(label: label, output: output, isColoured: isColoured, logLevel: level)
            guard !handlers.isEmpty else { return own }
            var all = MultiplexLogHandler([own] + handlers.map { $0(label) })
            all.logLevel = level
            return all
        }
    }

    /// Whether colours are wanted: what the command line says, else on a terminal unless `NO_COLOR` is set.
    package static func isColoured(_ option: Bool?, isTerminal: Bool, environment: [String: String]) -> Bool {
        option ?? (isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb")
    }
}
