internal import Glibc
package import ZeroMQ

/// The load, latency and failures of an instance, as seen by our calls, with outlier ejection.
package struct Load: Sendable {
    /// The number of calls in flight to it.
    package private(set) var outstanding = 0

    // Moving average over time, in seconds.
    private var latency: Double?
    private var latencyTime: Instant?
    private var samples = 0

    private var consecutiveFailures = 0
    // Moving average over calls.
    private var failureRate = 0.0
    private var calls = 0

    private var sitsOutUntil: Instant?
    // How often in a row it was ejected.
    private var sitOuts = 0
    // Whether a call went to it after its ejection.
    private var isOnTrial = false

    /// The outcome of a call.
    package enum Outcome: Sendable {
        /// Answered after this time.
        case answered(Duration)
        /// Answered, but the method failed. That may be the caller's fault, so only a high rate counts.
        case failed(Duration)
        /// No answer came.
        case missing
        /// Refused, because the instance is overloaded.
        case overloaded
        /// Refused, because the instance is stopping.
        case draining
        /// Another instance has answered first, this time after the call was sent to this one.
        case outrun(Duration)
        /// The call ended for a reason that says nothing about the instance.
        case abandoned
    }

    /// This many unanswered calls in a row eject an instance.
    private static let tolerance = 5
    /// So does a failure rate above this, once there were enough calls.
    private static let rateLimit = 0.5
    private static let fewestCalls = 20
    /// The time constant of the average latency, in seconds.
    private static let smoothing = 5.0
    /// How many answers it takes until latency counts. The very first is ignored, because Python lymph sleeps for 20
    /// ms when it sees a caller for the first time.
    private static let fewestSamples = 8

    package init() {}

    package mutating func begin(at now: Instant) {
        outstanding += 1
        // The first call after an ejection is a trial: no other follows until it succeeds, or for a second.
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
        case .outrun(let time):
            note(time, at: now)
        case .abandoned:
            break
        }
    }

    /// Whether it is ejected: it gets calls only if there is no other instance.
    package func isSittingOut(at now: Instant) -> Bool {
        sitsOutUntil.map { now < $0 } ?? false
    }

    /// Whether `self` should get the next call rather than `other`.
    ///
    /// Latency counts only if it differs by more than a factor of two: small differences are noise, and would send
    /// everything to one instance.
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
        // The first samples get equal weights.
        self.latency =
            latency + max(share, samples > Self.fewestSamples ? 0.01 : 1 / Double(samples)) * (sample - latency)
    }

    /// The average latency. It decays while there are no answers, so that a slow instance is tried again.
    private func latency(at now: Instant) -> Double? {
        guard samples > Self.fewestSamples, let latency, let latencyTime else { return nil }
        return latency * exp(-now.seconds(since: latencyTime) / (4 * Self.smoothing))
    }

    private mutating func count(isFailure: Bool) {
        calls = min(calls + 1, Self.fewestCalls)
        failureRate += 0.05 * ((isFailure ? 1 : 0) - failureRate)
    }

    /// Ejects the instance; each time in a row doubles the period, up to a factor of 32. Calls that were in flight
    /// together and fail together count once.
    private mutating func sitOut(_ time: Duration, at now: Instant) {
        guard isOnTrial || !isSittingOut(at: now) else { return }
        isOnTrial = false
        sitsOutUntil = now + time * (1 << min(sitOuts, 5))
        sitOuts += 1
    }
}

extension Load.Outcome {
    /// What an answer says about the health of its sender.
    init(_ answer: Message, after time: Duration) {
        guard answer.kind == .nack else {
            self = .answered(time)
            return
        }
        switch answer.headers.reason {
        case .overloaded: self = .overloaded
        case .draining: self = .draining
        // The caller's fault, so it says nothing about the peer.
        case .rejected, .expired, .unauthorized: self = .abandoned
        default: self = .failed(time)
        }
    }
}
