/// What many requests have come to.
struct LoadResult: Equatable {
    /// How long each successful request took, from sending it to its answer.
    var times: [Duration] = []
    /// How many failed, by the kind of failure.
    var failures: [ExitStatus: Int] = [:]
    /// The message of the first failure of each kind.
    var examples: [ExitStatus: String] = [:]

    var count: Int { times.count + failures.values.reduce(0, +) }

    /// The code for the process: that of the most frequent failure, but none that says that nothing was executed if there
    /// are others.
    var status: ExitStatus {
        let open = failures.filter { !$0.key.promisesNothingRan }
        return (open.isEmpty ? failures : open)
            .max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key ?? .success
    }

    mutating func fail(_ failure: Failure) {
        failures[failure.status, default: 0] += 1
        if examples[failure.status] == nil { examples[failure.status] = failure.message }
    }

    mutating func merge(_ other: LoadResult) {
        times += other.times
        failures.merge(other.failures) { $0 + $1 }
        examples.merge(other.examples) { first, _ in first }
    }
}
