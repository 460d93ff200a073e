/// How a client chooses among the instances of a service.
public struct LoadBalancing: Sendable, Hashable {
    enum Kind { case powerOfTwoChoices, random }
    let kind: Kind

    /// Of two instances drawn at random, the one with fewer calls in flight and lower latency.
    ///
    /// This spreads calls nearly as evenly as always taking the least loaded instance, but without the herd effect of
    /// many clients choosing the same one.
    public static let powerOfTwoChoices = LoadBalancing(kind: .powerOfTwoChoices)

    /// Any instance, as in Python lymph.
    public static let random = LoadBalancing(kind: .random)
}

/// Chooses an instance.
package struct LoadBalancer {
    private let strategy: LoadBalancing
    // The choice need not be unpredictable, and the system's generator costs a system call.
    private var random: SplitMix64

    package init(_ strategy: LoadBalancing, seed: UInt64 = .random(in: .min ... .max)) {
        self.strategy = strategy
        random = SplitMix64(seed: seed)
    }

    /// Chooses one of `count` candidates; nil if none of them is allowed.
    ///
    /// - Parameters:
    ///   - mayChoose: Whether a candidate is allowed.
    ///   - isBetter: Whether the first of two candidates is the better one.
    package mutating func choose(
        of count: Int, mayChoose: (Int) -> Bool, isBetter: (Int, Int) -> Bool
    ) -> Int? {
        guard count > 0 else { return nil }
        let first = Int(random.next() % UInt64(count))
        guard count > 1 else { return mayChoose(0) ? 0 : nil }
        guard let one = next(from: first, of: count, mayChoose) else { return nil }
        guard strategy.kind == .powerOfTwoChoices else { return one }
        let second = (one + 1 + Int(random.next() % UInt64(count - 1))) % count
        guard let two = next(from: second, of: count, { $0 != one && mayChoose($0) }) else { return one }
        return isBetter(two, one) ? two : one
    }

    /// The candidate at `start` if it is allowed, else a random one of those that are. Taking the next one instead
    /// would give it a double share of the calls.
    private mutating func next(from start: Int, of count: Int, _ mayChoose: (Int) -> Bool) -> Int? {
        if mayChoose(start) { return start }
        var found: Int?
        var seen: UInt64 = 0
        for index in 0..<count where mayChoose(index) {
            seen += 1
            if random.next() % seen == 0 { found = index }
        }
        return found
    }
}
