/// Interprets the signals that ask a process to stop: the first one starts the stop, a later one ends the process at
/// once.
///
/// One request may arrive as several signals. A terminal signals a whole process group, and a wrapper in it forwards
/// what it got; `timeout` signals the process and then its group. Signals shortly after the first therefore belong to
/// it.
package struct StopSignals: Sendable {
    /// What to do about a signal.
    package enum Meaning: Sendable, Hashable {
        /// Start to stop.
        case stop
        /// Ignore: it repeats the first signal.
        case repetition
        /// End at once.
        case force
    }

    /// How long after the first signal further ones still belong to it.
    package static let oneRequest: Duration = .seconds(1)

    private var first: ContinuousClock.Instant?

    package init() {}

    /// Records a signal.
    package mutating func receive(now: ContinuousClock.Instant) -> Meaning {
        guard let first else {
            first = now
            return .stop
        }
        return now - first < Self.oneRequest ? .repetition : .force
    }
}
