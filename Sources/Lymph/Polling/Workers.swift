internal import DequeModule

/// Decides which task handles which request.
///
/// A worker is a task that handles requests one after the other: to make a task takes longer than most handlers do.
///
/// On the poll thread one worker handles what has come in, as long as handlers return without a pause. When it begins it calls
/// another, which has its turn when the thread is free: because the first one waits for something, or found nothing more to do.
/// Elsewhere workers run at the same time, so each request gets one of its own.
package struct Workers<Work, Idle> {
    /// Where handlers run.
    package enum Place: Sendable { case pollThread, elsewhere }

    /// What is to be done.
    package enum Step {
        case nothing
        /// A worker that waits is given the request, or is to ``take()`` one.
        case wake(Idle, Work?)
        /// Likewise a new worker.
        case start(Work?)
    }

    private let place: Place
    private var idle: [Idle] = []
    private var waiting = Deque<Work>()
    // Whether a worker is on its way to take something.
    private var isCalled = false

    /// How many requests wait or are being handled.
    package private(set) var running = 0

    /// How many workers wait for requests at most. What needs more at the same time is slow for other reasons than new tasks.
    package static var mostIdle: Int { 256 }

    package init(_ place: Place) { self.place = place }

    /// A request came in.
    package mutating func add(_ work: Work) -> Step {
        running += 1
        switch place {
        case .elsewhere:
            return idle.popLast().map { .wake($0, work) } ?? .start(work)
        case .pollThread:
            waiting.append(work)
            return call()
        }
    }

    /// A worker that was called begins.
    package mutating func begun() { isCalled = false }

    /// Takes the next request for a worker, and says who else is to be called.
    package mutating func take() -> (Work, Step)? {
        waiting.popFirst().map { ($0, waiting.isEmpty ? .nothing : call()) }
    }

    private mutating func call() -> Step {
        guard !isCalled else { return .nothing }
        isCalled = true
        return idle.popLast().map { .wake($0, nil) } ?? .start(nil)
    }

    /// A request was handled.
    ///
    /// - Returns: Whether it was the last one.
    package mutating func handled() -> Bool {
        running -= 1
        return running == 0
    }

    /// A worker found nothing to do.
    ///
    /// - Returns: Whether it is to wait; otherwise it ends.
    package mutating func park(_ worker: Idle) -> Bool {
        guard idle.count < Self.mostIdle else { return false }
        idle.append(worker)
        return true
    }

    /// Takes out the workers that wait, to end them.
    package mutating func takeIdle() -> [Idle] {
        defer { idle = [] }
        return idle
    }
}
