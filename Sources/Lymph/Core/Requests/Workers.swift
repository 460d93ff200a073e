internal import DequeModule

/// Decides which task handles which request.
///
/// A worker is a task that handles requests one after the other, because creating a task takes longer than most
/// handlers do. A worker is *called* if it is woken or started to take a request.
///
/// On the poll thread, one worker handles all queued requests as long as handlers return without suspending. When it
/// takes a request and others are queued, it calls another worker. That one runs when the thread is free: when the
/// first worker suspends, or has found nothing more to do. Elsewhere workers run in parallel, so each request gets its
/// own.
///
/// A cancelled task stays cancelled, so its worker is *retired*: it takes no further request. While requests are
/// queued, a worker has been called, and never a retired one, so retiring needs no replacement.
package struct Workers<Work, Idle> {
    /// Where handlers run.
    package enum Place: Sendable { case pollThread, elsewhere }

    /// What the poller has to do.
    package enum Step {
        case nothing
        /// Wake a parked worker with the request, or to ``take(by:)`` one.
        case wake(Idle, Work?)
        /// Start a new worker with this number, likewise.
        case start(Int, Work?)
    }

    private let place: Place
    private var idle: [(number: Int, worker: Idle)] = []
    private var waiting = Deque<Work>()
    // Whether a called worker has not begun yet.
    private var isCalled = false
    private var lastNumber = 0
    private var retired: Set<Int> = []

    /// The maximum number of parked workers. With more requests at a time, creating tasks is not what costs most.
    package static var mostIdle: Int { 256 }

    package init(_ place: Place) { self.place = place }

    /// Adds a request.
    ///
    /// - Returns: What to do, and the number of the worker that gets the request now, if any.
    package mutating func add(_ work: Work) -> (step: Step, worker: Int?) {
        switch place {
        case .elsewhere:
            if let (number, worker) = idle.popLast() { return (.wake(worker, work), number) }
            lastNumber += 1
            return (.start(lastNumber, work), lastNumber)
        case .pollThread:
            waiting.append(work)
            return (call(), nil)
        }
    }

    /// A called worker begins.
    package mutating func begun() { isCalled = false }

    /// Takes the next request for a worker, and says which other worker to call.
    package mutating func take(by worker: Int) -> (Work, Step)? {
        guard retired.isEmpty || !retired.contains(worker) else { return nil }
        return waiting.popFirst().map { ($0, waiting.isEmpty ? .nothing : call()) }
    }

    private mutating func call() -> Step {
        guard !isCalled else { return .nothing }
        isCalled = true
        if let (_, worker) = idle.popLast() { return .wake(worker, nil) }
        lastNumber += 1
        return .start(lastNumber, nil)
    }

    /// The task of a busy worker is cancelled: the worker takes no further request.
    package mutating func retire(_ worker: Int) { retired.insert(worker) }

    /// A worker has nothing to do.
    ///
    /// - Returns: Whether it is parked; otherwise it ends.
    package mutating func park(_ number: Int, _ worker: Idle) -> Bool {
        guard idle.count < Self.mostIdle, retired.isEmpty || !retired.contains(number) else { return false }
        idle.append((number, worker))
        return true
    }

    package mutating func end(_ worker: Int) {
        if !retired.isEmpty { retired.remove(worker) }
    }

    /// Removes and returns the parked workers, to be ended.
    package mutating func takeIdle() -> [Idle] {
        defer { idle = [] }
        return idle.map(\.worker)
    }
}
