/// The results of many requests.
package struct LoadResult: Equatable, Sendable {
    /// How long each successful request took, from sending it to receiving its answer.
    package private(set) var times: [Duration]
    /// How many failed, by the kind of failure.
    package private(set) var failures: [FailureKind: Int] = [:]
    /// The message of the first failure of each kind.
    package private(set) var examples: [FailureKind: String] = [:]

    package init(times: [Duration] = []) { self.times = times }

    package var count: Int { times.count + failures.values.reduce(0, +) }

    /// The most frequent kind of failure. Kinds that promise that nothing was executed are considered only if there
    /// are no others. Nil if nothing failed.
    package var failure: FailureKind? {
        let failed = FailureKind.allCases.filter { failures[$0] != nil }
        let open = failed.filter { !$0.promisesNothingRan }
        let counted = open.isEmpty ? failed : open
        let most = counted.compactMap { failures[$0] }.max()
        return counted.first { failures[$0] == most }
    }

    package mutating func succeed(after time: Duration) { times.append(time) }

    package mutating func fail(_ failure: FleetFailure) {
        failures[failure.kind, default: 0] += 1
        if examples[failure.kind] == nil { examples[failure.kind] = failure.message }
    }

    package mutating func merge(_ other: LoadResult) {
        times += other.times
        failures.merge(other.failures) { $0 + $1 }
        examples.merge(other.examples) { first, _ in first }
    }
}
