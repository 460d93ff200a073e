internal import DequeModule

/// Decides which task handles which request.
///
/// A worker is a task that handles requests one after the other: to make a task takes longer than most handlers do.
///
/// On the poll thread one worker handles what has come in, as long as handlers return without a pause. When it begins it calls
/// another, which has its turn when the thread is free: because the first one waits for something, or found nothing more to do.
/// Elsewhere workers run at the same time, so each request gets one of its own.
///
/// A task that is cancelled stays so for ever: its worker is retired, which means that it handles nothing after that. Whenever
/// something waits, a worker is on its way to it, and never one that is retired: nobody need be called in its place.
package struct Workers<Work, Idle> {
    /// Where handlers run.
    package enum Place: Sendable { case pollThread, elsewhere }

    /// What is to be done.
    package enum Step {
        case nothing
        /// A worker that waits is given the request, or is to ``take(by:)`` one.
        case wake(Idle, Work?)
        /// Likewise a new worker with this number.
        case start(Int, Work?)
    }

    private let place: Place
    private var idle: [(number: Int, worker: Idle)] = []
    private var waiting = Deque<Work>()
    // Whether a worker is on its way to take something.
    private var isCalled = false
    private var lastNumber = 0
    private var retired: Set<Int> = []

    /// How many workers wait for requests at most. What needs more at the same time is slow for other reasons than new tasks.
    package static var mostIdle: Int { 256 }

    package init(_ place: Place) { self.place = place }

    /// A request came in.
    ///
    /// - Returns: What is to be done, and the number of the worker that is given the request now, if one is.
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

    /// A worker that was called begins.
    package mutating func begun() { isCalled = false }

    /// Takes the next request for a worker, and says who else is to be called.
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

    /// The task of a worker that handles something is cancelled: it handles nothing after that.
    package mutating func retire(_ worker: Int) { retired.insert(worker) }

    /// A worker found nothing to do.
    ///
    /// - Returns: Whether it is to wait; otherwise it ends.
    package mutating func park(_ number: Int, _ worker: Idle) -> Bool {
        guard idle.count < Self.mostIdle, retired.isEmpty || !retired.contains(number) else { return false }
        idle.append((number, worker))
        return true
    }

    /// A worker has ended.
    package mutating func end(_ worker: Int) {
        if !retired.isEmpty { retired.remove(worker) }
    }

    /// Takes out the workers that wait, to end them.
    package mutating func takeIdle() -> [Idle] {
        defer { idle = [] }
        return idle.map(\.worker)
    }
}
