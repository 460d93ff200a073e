internal import ZeroMQ

/// Rate limit for log lines, by kind: some lines a second are written, and later a line says how many more there were.
///
/// Peers can cause such lines as often as they like, and must not flood the log.
struct LogLimit<Kind: Hashable & Sendable>: Sendable {
    /// The number of suppressed lines of a kind during a time.
    struct Sum: Sendable, Hashable {
        let kind: Kind
        let count: Int
        let time: Duration
    }

    private struct Lines {
        /// The start of the current window of a second.
        var begin: Instant
        var written = 0
        var kept = 0
        /// When the first line was suppressed that is not part of a sum yet.
        var keptSince: Instant?
    }

    /// When the next sum is due.
    private(set) var nextSum: Instant?

    private var kinds: [Kind: Lines] = [:]
    private let limit: Int
    private let period: Duration

    /// - Parameters:
    ///   - limit: The maximum number of lines of a kind that are written in a second.
    ///   - period: How long after the first suppressed line their sum is due.
    init(limit: Int = 20, period: Duration = .seconds(10)) {
        self.limit = limit
        self.period = period
    }

    /// Counts a line.
    ///
    /// - Returns: Whether to write it; otherwise it becomes part of the next sum.
    mutating func admit(_ kind: Kind, at now: Instant) -> Bool {
        var lines = kinds[kind] ?? Lines(begin: now)
        defer { kinds[kind] = lines }
        if now - lines.begin >= .seconds(1) { (lines.begin, lines.written) = (now, 0) }
        guard lines.written < limit else {
            lines.kept += 1
            if lines.keptSince == nil {
                lines.keptSince = now
                // If another sum is due, it is due earlier.
                nextSum = nextSum ?? now + period
            }
            return false
        }
        lines.written += 1
        return true
    }

    /// Removes and returns the sums that are due.
    mutating func takeSums(at now: Instant) -> [Sum] {
        guard let nextSum, nextSum <= now else { return [] }
        return take(at: now) { [period] since in now - since >= period }
    }

    /// Removes and returns all sums, due or not.
    mutating func takeAll(at now: Instant) -> [Sum] { take(at: now) { _ in true } }

    private mutating func take(at now: Instant, where isDue: (Instant) -> Bool) -> [Sum] {
        var sums: [Sum] = []
        for (kind, lines) in kinds {
            guard let since = lines.keptSince, isDue(since) else { continue }
            kinds[kind]?.kept = 0
            kinds[kind]?.keptSince = nil
            sums.append(Sum(kind: kind, count: lines.kept, time: now - since))
        }
        nextSum = kinds.values.compactMap(\.keptSince).min().map { $0 + period }
        return sums
    }
}
