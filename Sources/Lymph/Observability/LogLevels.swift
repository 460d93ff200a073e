package import Logging
package import MessagePack
package import ZeroMQ

/// Log levels that are changed while the process runs, by `lymph.change_loglevel`.
package final class LogLevels: Sendable {
    private struct Change {
        let level: Logger.Level
        let until: Instant
    }

    private let changes = Lock<[String: Change]>([:])

    package init() {}

    /// For how many labels there may be levels at a time: every line in the log looks at all of them.
    package static let limit = 32

    /// Sets the level of the loggers whose label is `label` or begins with it and a dot; of all if it is empty.
    ///
    /// - Returns: false if there are levels for too many other labels.
    @discardableResult
    package func set(_ level: Logger.Level, for label: String, until: Instant) -> Bool {
        changes.withLock { changes in
            let now = Instant.now
            changes = changes.filter { $0.value.until > now }
            guard changes[label] != nil || changes.count < Self.limit else { return false }
            changes[label] = Change(level: level, until: until)
            return true
        }
    }

    /// The level that a logger was given, by the longest label that fits.
    package func level(for label: String) -> Logger.Level? {
        changes.withLock { changes in
            guard !changes.isEmpty else { return nil }
            let now = Instant.now
            changes = changes.filter { $0.value.until > now }
            return changes.filter { $0.key.isEmpty || label == $0.key || label.hasPrefix($0.key + ".") }
                .max { $0.key.utf8.count < $1.key.utf8.count }?.value.level
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
