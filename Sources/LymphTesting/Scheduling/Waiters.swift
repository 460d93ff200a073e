internal import ZeroMQ

/// The tasks that sleep in virtual time.
struct Sleepers {
    private var timers = Timers<Int>()
    private var continuations: [Int: UnsafeContinuation<Bool, Never>] = [:]
    private var lastNumber = 0

    /// When the next one wakes.
    var next: Instant? { timers.next }

    /// Makes a number for a new sleeper.
    mutating func reserve() -> Int {
        lastNumber += 1
        return lastNumber
    }

    mutating func add(_ continuation: UnsafeContinuation<Bool, Never>, _ number: Int, at time: Instant) {
        continuations[number] = continuation
        timers.add(number, at: time)
    }

    mutating func remove(_ number: Int) -> UnsafeContinuation<Bool, Never>? {
        guard let continuation = continuations.removeValue(forKey: number) else { return nil }
        timers.remove(number)
        return continuation
    }

    /// Removes and returns those whose time has come, in order.
    mutating func takeDue(at now: Instant) -> [UnsafeContinuation<Bool, Never>] {
        timers.takeDue(at: now).compactMap { continuations.removeValue(forKey: $0) }
    }
}

/// The tasks that wait until the time has advanced to their goal and nothing more can run.
struct Goals {
    private var timers = Timers<UnsafeContinuation<Void, Never>>()

    /// The next goal.
    var next: Instant? { timers.next }

    mutating func add(_ continuation: UnsafeContinuation<Void, Never>, at time: Instant) {
        timers.add(continuation, at: time)
    }

    /// Removes and returns the one with the next goal.
    mutating func takeNext() -> UnsafeContinuation<Void, Never>? { timers.popNext() }
}
