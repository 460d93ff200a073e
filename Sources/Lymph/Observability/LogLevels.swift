package import Logging
package import MessagePack
package import ZeroMQ

/// Log levels that can be changed in a running process, by `lymph.change_loglevel`.
package final class LogLevels: Sendable {
    /// The maximum number of labels with a temporary level, because every log line checks all of them.
    package static let limit = LogLevelChanges.limit

    private let changes = Lock(LogLevelChanges())
    private let now: @Sendable () -> Instant

    /// - Parameter now: The clock for the end of levels. Log lines can come from any thread, and bring no time with
    ///   them.
    package init(now: @escaping @Sendable () -> Instant) { self.now = now }

    /// Sets the level of all loggers whose label is `label` or begins with it and a dot; of all loggers if it is
    /// empty.
    ///
    /// - Returns: False if too many other labels have a level.
    @discardableResult
    package func set(_ level: Logger.Level, for label: String, until: Instant) -> Bool {
        changes.withLock { $0.set(level, for: label, until: until, now: now()) }
    }

    /// The temporary level of a logger, by the longest matching label.
    package func level(for label: String) -> Logger.Level? {
        changes.withLock { changes in
            guard !changes.isEmpty else { return nil }
            changes.removeEnded(now: now())
            return changes.level(for: label)
        }
    }

    /// Returns the logger with a level that can be changed here.
    package func adjusting(_ logger: Logger) -> Logger {
        let handler = AdjustableLogHandler(base: logger.handler, label: logger.label, levels: self)
        return Logger(label: logger.label) { _ in handler }
    }
}

/// A log handler for which a level in ``LogLevels`` takes precedence.
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
    /// Reads a level by its name or number in Python's logging, or its name in swift-log.
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
