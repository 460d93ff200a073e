internal import Lymph
internal import ZeroMQ

/// What waits for its time: work, and tasks that sleep.
struct Schedule {
    /// Resumed with whether the time has come; otherwise the task was cancelled.
    typealias Sleeper = UnsafeContinuation<Bool, Never>

    enum Entry {
        case work(Agenda.Item)
        case sleeper(Sleeper, number: Int)
    }

    // Latest first, so that the next one is removed from the end at no cost.
    private var entries: [(time: Instant, entry: Entry)] = []
    private var lastNumber = 0

    /// How many tasks sleep.
    private(set) var sleepers = 0

    /// When the next one is due.
    var next: Instant? { entries.isEmpty ? nil : entries[entries.count - 1].time }

    /// Adds an entry, due after all others of the same time.
    mutating func add(_ entry: Entry, at time: Instant) {
        var index = entries.count
        while index > 0, entries[index - 1].time <= time { index -= 1 }
        entries.insert((time, entry), at: index)
    }

    /// Removes and returns the next entry, if it is due.
    mutating func takeDue(at now: Instant) -> Entry? {
        guard let next, next <= now else { return nil }
        let entry = entries.removeLast().entry
        if case .sleeper = entry { sleepers -= 1 }
        return entry
    }

    // MARK: Sleepers

    /// Makes a number for a new sleeper.
    mutating func reserve() -> Int {
        lastNumber += 1
        return lastNumber
    }

    mutating func add(_ sleeper: Sleeper, _ number: Int, at time: Instant) {
        sleepers += 1
        add(.sleeper(sleeper, number: number), at: time)
    }

    /// Removes and returns a sleeper, if it still sleeps.
    mutating func remove(_ number: Int) -> Sleeper? {
        for index in entries.indices {
            guard case .sleeper(let sleeper, number) = entries[index].entry else { continue }
            entries.remove(at: index)
            sleepers -= 1
            return sleeper
        }
        return nil
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
