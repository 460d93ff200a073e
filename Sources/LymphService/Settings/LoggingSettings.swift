package import Logging
package import Lymph
internal import MessagePack

/// Which lines are logged: the section `logging` of a configuration.
package struct LoggingSettings: Sendable, Hashable {
    /// The level of all loggers, if it is set.
    package var level: Logger.Level?

    /// Levels by logger label; each applies to the label itself and to labels that extend it with a dot.
    package var levels: [String: Logger.Level] = [:]

    /// The level of a logger: that of the longest matching label, or the general one.
    package func level(of label: String) -> Logger.Level {
        levels.filter { label == $0.key || label.hasPrefix($0.key + ".") }
            .max { $0.key.utf8.count < $1.key.utf8.count }?.value ?? level ?? .info
    }
}

extension Logger.Level {
    /// Reads a level in the spelling of Python's logging or of swift-log.
    init?(named name: String) {
        self.init(lymph: .string(name))
    }
}

extension LoggingSettings {
    /// What may be written, for error messages.
    static let allowed = "TRACE, DEBUG, INFO, NOTICE, WARNING, ERROR, CRITICAL"
}

extension ProcessConfiguration {
    /// Reads the section `logging`, in our own format or in that of Python's `dictConfig`.
    ///
    /// - Returns: The levels, and a warning for each key of `dictConfig` that has no effect here.
    /// - Throws: ``/Lymph/ConfigurationError`` for invalid levels.
    package func logging() throws(ConfigurationError) -> (settings: LoggingSettings, warnings: [String]) {
        guard let section = root.child("logging") else { return (LoggingSettings(), []) }
        var settings = LoggingSettings()
        var mistakes = ConfigurationMistakes()
        func level(_ part: Configuration?) -> Logger.Level? {
            guard let part, !part.isNull else { return nil }
            if let level = Logger.Level(lymph: part.value) { return level }
            mistakes.add(part.mismatch(allowed: LoggingSettings.allowed))
            return nil
        }
        func labels(_ key: String, _ allowed: String) -> [(key: String, value: Configuration)] {
            guard let part = section[key], !part.isNull else { return [] }
            if case .map = part.value { return part.children.map { ($0.key, $0.value) } }
            mistakes.add(part.mismatch(allowed: allowed))
            return []
        }
        settings.level = level(section["level"]) ?? level(section["root.level"])
        for (label, part) in labels("levels", "a map from labels to levels") { settings.levels[label] = level(part) }
        for (label, part) in labels("loggers", "a map from labels to maps with a level") {
            settings.levels[label] = level(part.child("level"))
        }
        var warnings: [String] = []
        for (key, part) in section.children where !["level", "levels", "loggers", "root", "version"].contains(key) {
            warnings.append("\(part.error("has no effect here; only level, levels and loggers have"))")
        }
        try mistakes.check()
        return (settings, warnings)
    }
}
