internal import ZeroMQ

/// Decides which of the lines of a log that are alike are written: some in each second, and later how many more there were.
///
/// What peers cause comes as often as they like, and who reads the log wants to see the rest of it, too.
struct LogLimit<Kind: Hashable & Sendable>: Sendable {
    /// How many lines of a kind were not written in a time.
    struct Sum: Sendable, Hashable {
        let kind: Kind
        let count: Int
        let time: Duration
    }

    private struct Lines {
        /// When the first of those was written that count together.
        var begin: Instant
        var written = 0
        var kept = 0
        /// When the first was kept back that no sum has told of.
        var keptSince: Instant?
    }

    /// When there is a sum to be written next.
    private(set) var nextSum: Instant?

    private var kinds: [Kind: Lines] = [:]
    private let limit: Int
    private let period: Duration

    /// - Parameters:
    ///   - limit: How many lines of a kind are written in a second.
    ///   - period: How long lines are kept back before there is a sum of them.
    init(limit: Int = 20, period: Duration = .seconds(10)) {
        self.limit = limit
        self.period = period
    }

    /// Takes a line of a kind.
    ///
    /// - Returns: Whether it is to be written; otherwise it is part of the next sum.
    mutating func admit(_ kind: Kind, at now: Instant) -> Bool {
        var lines = kinds[kind] ?? Lines(begin: now)
        defer { kinds[kind] = lines }
        if now - lines.begin >= .seconds(1) { (lines.begin, lines.written) = (now, 0) }
        guard lines.written < limit else {
            lines.kept += 1
            if lines.keptSince == nil {
                lines.keptSince = now
                // Others came before, and are sooner due.
                nextSum = nextSum ?? now + period
            }
            return false
        }
        lines.written += 1
        return true
    }

    /// The sums whose time has come.
    mutating func takeSums(at now: Instant) -> [Sum] {
        guard let nextSum, nextSum <= now else { return [] }
        return take(at: now) { [period] since in now - since >= period }
    }

    /// All sums, at the end.
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
