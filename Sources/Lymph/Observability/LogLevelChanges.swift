internal import Logging
internal import ZeroMQ

/// Levels that loggers have for a while, by label.
struct LogLevelChanges {
    private struct Change {
        let level: Logger.Level
        let until: Instant
    }

    /// For how many labels there may be levels at a time.
    static let limit = 32

    private var changes: [String: Change] = [:]

    /// Whether there surely is none.
    var isEmpty: Bool { changes.isEmpty }

    /// Sets the level of the loggers whose label is `label` or begins with it and a dot; of all if it is empty.
    ///
    /// - Returns: false if there are levels for too many other labels.
    mutating func set(_ level: Logger.Level, for label: String, until: Instant, now: Instant) -> Bool {
        removeEnded(now: now)
        guard changes[label] != nil || changes.count < Self.limit else { return false }
        changes[label] = Change(level: level, until: until)
        return true
    }

    /// The level that a logger has, by the longest label that fits.
    func level(for label: String) -> Logger.Level? {
        changes.filter { $0.key.isEmpty || label == $0.key || label.hasPrefix($0.key + ".") }
            .max { $0.key.utf8.count < $1.key.utf8.count }?.value.level
    }

    /// Forgets the levels whose time is over.
    mutating func removeEnded(now: Instant) {
        guard changes.values.contains(where: { $0.until <= now }) else { return }
        changes = changes.filter { $0.value.until > now }
    }
}
