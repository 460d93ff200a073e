internal import Glibc
package import ZeroMQ

/// How much an instance has to do for us, how fast it is, and whether it is trusted with more.
package struct Load: Sendable {
    /// How many calls wait for its answer.
    package private(set) var outstanding = 0

    // Smoothed over time, in seconds.
    private var latency: Double?
    private var latencyTime: Instant?
    private var samples = 0

    private var consecutiveFailures = 0
    // Smoothed over calls.
    private var failureRate = 0.0
    private var calls = 0

    private var sitsOutUntil: Instant?
    // How often in a row it had to sit out.
    private var sitOuts = 0
    // Whether a call went to it after it sat out.
    private var isOnTrial = false

    /// What became of a call.
    package enum Outcome: Sendable {
        /// It was answered after this time.
        case answered(Duration)
        /// It was answered, but the method failed. That may be the caller's fault, so it takes many.
        case failed(Duration)
        /// No answer came.
        case missing
        /// The instance has too much to do.
        case overloaded
        /// The instance is about to stop.
        case draining
        /// The call ended for other reasons.
        case abandoned
    }

    /// So many calls without an answer in a row are enough.
    private static let tolerance = 5
    /// Or this share of failed ones, as soon as there were some.
    private static let rateLimit = 0.5
    private static let fewestCalls = 20
    /// Over which time latency is smoothed, in seconds.
    private static let smoothing = 5.0
    /// How many answers it takes until latency counts. The very first does not at all: Python lymph sleeps for 20 ms when it
    /// meets a caller.
    private static let fewestSamples = 8

    package init() {}

    package mutating func begin(at now: Instant) {
        outstanding += 1
        // The first call after sitting out is a trial: no other follows before it has succeeded, or for a while.
        if sitOuts > 0 {
            sitsOutUntil = now + .seconds(1)
            isOnTrial = true
        }
    }

    package mutating func end(_ outcome: Outcome, at now: Instant) {
        outstanding -= 1
        switch outcome {
        case .answered(let time):
            note(time, at: now)
            count(isFailure: false)
            consecutiveFailures = 0
            sitOuts = 0
            sitsOutUntil = nil
            isOnTrial = false
        case .failed(let time):
            note(time, at: now)
            count(isFailure: true)
            consecutiveFailures = 0
            if calls == Self.fewestCalls, failureRate > Self.rateLimit { sitOut(.seconds(1), at: now) }
        case .missing:
            count(isFailure: true)
            consecutiveFailures += 1
            if consecutiveFailures >= Self.tolerance { sitOut(.seconds(1), at: now) }
        case .overloaded:
            sitOut(.milliseconds(50), at: now)
        case .draining:
            sitsOutUntil = now + .seconds(10)
            sitOuts = max(sitOuts, 1)
            isOnTrial = false
        case .abandoned:
            break
        }
    }

    /// Whether it gets no calls for now, unless there is nobody else.
    package func isSittingOut(at now: Instant) -> Bool {
        sitsOutUntil.map { now < $0 } ?? false
    }

    /// Whether `self` should get the next call rather than `other`.
    ///
    /// Latency counts only where it differs clearly: small differences are noise, and would send everything to one instance.
    package func isBetter(than other: Load, at now: Instant) -> Bool {
        if let mine = latency(at: now), let others = other.latency(at: now), max(mine, others) > 2 * min(mine, others) {
            return mine * Double(outstanding + 1) < others * Double(other.outstanding + 1)
        }
        return outstanding < other.outstanding
    }

    private mutating func note(_ time: Duration, at now: Instant) {
        defer {
            samples = min(samples + 1, Self.fewestSamples + 1)
            latencyTime = now
        }
        guard samples > 0 else { return }
        let sample = time.inSeconds
        guard let latency, let latencyTime else {
            latency = sample
            return
        }
        let share = 1 - exp(-now.seconds(since: latencyTime) / Self.smoothing)
        // At first all count the same.
        self.latency =
            latency + max(share, samples > Self.fewestSamples ? 0.01 : 1 / Double(samples)) * (sample - latency)
    }

    /// The latency; it fades while nothing is heard, so that a slow instance is tried again.
    private func latency(at now: Instant) -> Double? {
        guard samples > Self.fewestSamples, let latency, let latencyTime else { return nil }
        return latency * exp(-now.seconds(since: latencyTime) / (4 * Self.smoothing))
    }

    private mutating func count(isFailure: Bool) {
        calls = min(calls + 1, Self.fewestCalls)
        failureRate += 0.05 * ((isFailure ? 1 : 0) - failureRate)
    }

    /// Each time for longer. The calls that were under way together and ended alike are one time.
    private mutating func sitOut(_ time: Duration, at now: Instant) {
        guard isOnTrial || !isSittingOut(at: now) else { return }
        isOnTrial = false
        sitsOutUntil = now + time * (1 << min(sitOuts, 5))
        sitOuts += 1
    }
}
