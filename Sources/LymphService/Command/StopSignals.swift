/// What the signals mean that ask a process to stop: the first one begins it, a later one ends the process at once.
///
/// One request may arrive as several signals. A terminal signals a whole group of processes and a wrapper in it passes on
/// what it got; `timeout` signals the process and then its group. What comes shortly after the first belongs to it.
package struct StopSignals: Sendable {
    /// What to do about a signal.
    package enum Meaning: Sendable, Hashable {
        /// Begin to stop.
        case stop
        /// Nothing: it is the first one once more.
        case repetition
        /// End at once.
        case force
    }

    /// How long after the first signal others still belong to it.
    package static let oneRequest: Duration = .seconds(1)

    private var first: ContinuousClock.Instant?

    package init() {}

    /// Takes in a signal.
    package mutating func receive(now: ContinuousClock.Instant) -> Meaning {
        guard let first else {
            first = now
            return .stop
        }
        return now - first < Self.oneRequest ? .repetition : .force
    }
}
