internal import Logging
internal import ZeroMQ

/// Temporary log levels, by label.
struct LogLevelChanges {
    private struct Change {
        let level: Logger.Level
        let until: Instant
    }

    /// The maximum number of labels with a temporary level.
    static let limit = 32

    private var changes: [String: Change] = [:]

    /// Whether there are no changes, not even expired ones.
    var isEmpty: Bool { changes.isEmpty }

    /// Sets the level of all loggers whose label is `label` or begins with it and a dot; of all loggers if it is
    /// empty.
    ///
    /// - Returns: False if too many other labels have a level.
    mutating func set(_ level: Logger.Level, for label: String, until: Instant, now: Instant) -> Bool {
        removeEnded(now: now)
        guard changes[label] != nil || changes.count < Self.limit else { return false }
        changes[label] = Change(level: level, until: until)
        return true
    }

    /// The temporary level of a logger, by the longest matching label.
    func level(for label: String) -> Logger.Level? {
        changes.filter { $0.key.isEmpty || label == $0.key || label.hasPrefix($0.key + ".") }
            .max { $0.key.utf8.count < $1.key.utf8.count }?.value.level
    }

    /// Removes the expired levels.
    mutating func removeEnded(now: Instant) {
        guard changes.values.contains(where: { $0.until <= now }) else { return }
        changes = changes.filter { $0.value.until > now }
    }
}
