package import Logging
package import Lymph

/// Sets up logging for a service process. Called once, at startup.
package enum ServiceLogging {
    /// Sets up all loggers that are created from now on.
    ///
    /// - Parameters:
    ///   - settings: Which lines are logged.
    ///   - output: Where they are written.
    ///   - isColoured: Whether levels are coloured.
    ///   - publisher: Also publishes every line.
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

    /// A logger that is independent of the bootstrap, for programs that are not services.
    package static func logger(label: String, level: Logger.Level, output: LogOutput, isColoured: Bool) -> Logger {
        Logger(label: label) { label in
            ServiceLogHandler(label: label, output: output, isColoured: isColoured, logLevel: level)
        }
    }

    /// Whether to use colours: as the command line says; otherwise if the output is a terminal with a usable `TERM`,
    /// unless `NO_COLOR` (https://no-color.org) is set and not empty.
    package static func isColoured(_ option: Bool?, isTerminal: Bool, environment: [String: String]) -> Bool {
        option
            ?? (isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
                && !["", "dumb"].contains(environment["TERM"] ?? ""))
    }
}
