package import Logging
package import MessagePack
package import ZeroMQ

/// Log levels that are changed while the process runs, by `lymph.change_loglevel`.
package final class LogLevels: Sendable {
    /// For how many labels there may be levels at a time: every line in the log looks at all of them.
    package static let limit = LogLevelChanges.limit

    private let changes = Lock(LogLevelChanges())
    private let now: @Sendable () -> Instant

    /// - Parameter now: The clock by which levels end. Lines of the log come from everywhere, and bring no time with them.
    package init(now: @escaping @Sendable () -> Instant) { self.now = now }

    /// Sets the level of the loggers whose label is `label` or begins with it and a dot; of all if it is empty.
    ///
    /// - Returns: false if there are levels for too many other labels.
    @discardableResult
    package func set(_ level: Logger.Level, for label: String, until: Instant) -> Bool {
        changes.withLock { $0.set(level, for: label, until: until, now: now()) }
    }

    /// The level that a logger was given, by the longest label that fits.
    package func level(for label: String) -> Logger.Level? {
        changes.withLock { changes in
            guard !changes.isEmpty else { return nil }
            changes.removeEnded(now: now())
            return changes.level(for: label)
        }
    }

    /// The logger with a level that can be changed.
    package func adjusting(_ logger: Logger) -> Logger {
        let handler = AdjustableLogHandler(base: logger.handler, label: logger.label, levels: self)
        return Logger(label: logger.label) { _ in handler }
    }
}

/// A log handler that asks ``LogLevels`` first.
private struct AdjustableLogHandler: LogHandler {
    var base: any LogHandler
    let label: String
    let levels: LogLevels

    var logLevel: Logger.Level {
        get { levels.level(for: label) ?? base.logLevel }
        set { base.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { base.metadataProvider }
        set { base.metadataProvider = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) { base.log(event: event) }
}

extension Logger.Level {
    /// Reads a level as Python's logging names or numbers it, or as swift-log does.
    package init?(lymph value: Value) {
        if let number = value.intValue {
            switch number {
            case ..<10: self = .trace
            case ..<20: self = .debug
            case ..<30: self = .info
            case ..<40: self = .warning
            case ..<50: self = .error
            default: self = .critical
            }
        } else if let name = value.stringValue?.lowercased() {
            switch name {
            case "fatal": self = .critical
            case "warn": self = .warning
            default: self.init(rawValue: name)
            }
        } else {
            return nil
        }
    }
}
