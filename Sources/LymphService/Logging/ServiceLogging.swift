package import Logging
package import Lymph

/// How the loggers of a service's process are set up. One call, at the start.
package enum ServiceLogging {
    /// Sets the log up for all loggers that are made from now on.
    ///
    /// - Parameters:
    ///   - settings: Which lines are logged.
    ///   - output: Where they go.
    ///   - isColoured: Whether levels are coloured.
    ///   - publisher: Where every line is published, too.
    package static func bootstrap(
        _ settings: LoggingSettings, output: LogOutput, isColoured: Bool, publisher: LogPublisher? = nil
    ) {
        LoggingSystem.bootstrap { label in
            let own = ServiceLogHandler(
                label: label, output: output, isColoured: isColoured, logLevel: settings.level(of: label))
            guard let publisher else { return own }
            return PublishingLogHandler(base: own, publisher: publisher)
        }
    }

    /// A logger by itself, for programs that are no services.
    package static func logger(label: String, level: Logger.Level, output: LogOutput, isColoured: Bool) -> Logger {
        Logger(label: label) { label in
            ServiceLogHandler(label: label, output: output, isColoured: isColoured, logLevel: level)
        }
    }

    /// Whether colours are wanted: what the command line says; else on a terminal that says what it is (`TERM`) and that it knows
    /// escape sequences, unless `NO_COLOR` (https://no-color.org) is set and not empty.
    package static func isColoured(_ option: Bool?, isTerminal: Bool, environment: [String: String]) -> Bool {
        option
            ?? (isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
                && !["", "dumb"].contains(environment["TERM"] ?? ""))
    }
}
