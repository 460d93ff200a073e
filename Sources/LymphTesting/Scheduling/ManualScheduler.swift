internal import Glibc
package import Lymph
package import ZeroMQ

/// Runs the loops of any number of nodes, and the tasks beside them, one piece of work at a time and in a virtual time.
///
/// Everything to run waits in one queue, in order of arrival. With a seed, loops and tasks take turns in an order that
/// depends only on the seed. The work runs on the thread that calls ``run()`` or ``advance(by:)``, or in the task that
/// calls ``drive()``.
package final class ManualScheduler: Sendable {
    private struct State {
        var agenda: Agenda
        var lastSeed: UInt64
        // The loop that is running, and its thread.
        var current: ManualLoop?
        var thread: pthread_t?
        var goals = Goals()
        var isAutomatic = false
        var strayTurns = 0
    }

    private let state: Lock<State>
    // The only thread that may add work; nil for any.
    private let owner: pthread_t?
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - seed: Determines the order; without one, it is the order of arrival.
    ///   - isStrict: Whether work that comes from another thread than this one counts as stray; see ``strayTurns``.
    package init(seed: UInt64? = nil, isStrict: Bool = false) {
        state = Lock(State(agenda: Agenda(seed: seed), lastSeed: seed ?? 0))
        owner = isStrict ? pthread_self() : nil
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package var now: Instant { state.withLock { $0.agenda.now } }

    /// Makes a loop for one node.
    package func makeLoop() -> any EventLoop {
        let loop = ManualLoop(self)
        state.withLock { $0.agenda.add(loop) }
        return loop
    }

    /// An executor for tasks that belong to no loop.
    package var executor: any TaskExecutor { ManualExecutor(self, nil, isPool: true) }

    /// Whether nothing runs, and nothing can run now.
    package var isIdle: Bool { state.withLock { $0.agenda.isEmpty && $0.thread == nil } }

    /// How many pieces of work have run.
    package var turns: Int { state.withLock { $0.agenda.turns } }

    /// A digest of what has run, when, and in which order. Equal runs have equal digests.
    package var digest: UInt64 { state.withLock { $0.agenda.digest } }

    /// How often work came from a thread that the scheduler doesn't know: from Dispatch, `Task.sleep`, or a task that
    /// doesn't prefer its executor. Only counted if it is strict.
    package var strayTurns: Int { state.withLock { $0.strayTurns } }

    /// How many tasks sleep.
    package var sleeperCount: Int { state.withLock { $0.agenda.schedule.sleepers } }

    /// The time of the next thing that waits for its time.
    package var nextDeadline: Instant? { state.withLock { $0.agenda.nextDeadline } }

    // MARK: Running, for the thread that drives it

    /// Runs everything that can run now, and what follows from it.
    package func run() {
        repeat {
            while let item = takeNext() { run(item) }
        } while rest()
    }

    /// Advances the time, and runs what becomes due on the way.
    package func advance(by duration: Duration) {
        run()
        let end = now + duration
        while step(until: end) {}
        _ = state.withLock { $0.agenda.move(to: end) }
        run()
    }

    /// Advances to the next thing that waits for its time, and runs it. Everything else has to be run before.
    ///
    /// - Parameter end: The time not to go beyond.
    /// - Returns: Whether there was anything until then.
    package func step(until end: Instant) -> Bool {
        guard let next = nextDeadline, next <= end else { return false }
        move(to: next)
        run()
        return true
    }

    private func takeNext() -> Agenda.Item? {
        state.withLock { state in
            let item = state.agenda.takeNext()
            (state.current, state.thread) = (item?.loop, item.map { _ in pthread_self() })
            return item
        }
    }

    private func run(_ item: Agenda.Item) {
        switch item.work {
        case .job(let job, let loop): unsafe job.runSynchronously(on: loop.asUnownedSerialExecutor())
        case .taskJob(let job, let executor): unsafe job.runSynchronously(on: executor.asUnownedTaskExecutor())
        case .call(let body): body()
        }
    }

    /// Calls `onIdle` of the loops that have run something, so that they send what they kept.
    ///
    /// - Returns: Whether there was any.
    private func rest() -> Bool {
        var isAnyDirty = false
        while let loop = state.withLock({ $0.agenda.takeDirty() }) {
            on(loop) { loop.onIdle?() }
            isAnyDirty = true
        }
        return isAnyDirty
    }

    private func on(_ loop: ManualLoop, _ body: () -> Void) {
        state.withLock { ($0.current, $0.thread) = (loop, pthread_self()) }
        body()
        state.withLock { ($0.current, $0.thread) = (nil, nil) }
    }

    /// Sets the time, and wakes the sleepers and loops whose time has come.
    private func move(to time: Instant) {
        let due = state.withLock { $0.agenda.move(to: time) }
        for sleeper in due.sleepers { sleeper.resume(returning: true) }
        for loop in due.loops {
            loop.deadline = nil
            on(loop) { loop.onDeadline?() }
        }
    }

    // MARK: Driving, for tasks

    /// Whether the time advances by itself to what is next due, as soon as nothing can run.
    package var isAutomatic: Bool {
        get { state.withLock { $0.isAutomatic } }
        set {
            state.withLock { $0.isAutomatic = newValue }
            wakeUp.yield()
        }
    }

    /// Runs what there is to run, whenever there is something, until the task is cancelled. Not on ``executor``.
    package func drive() async {
        for await _ in wakeUps { drain() }
    }

    /// Advances the time, and returns when everything that was due on the way has run and nothing more can run.
    package func elapse(_ duration: Duration) async {
        await withUnsafeContinuation { continuation in
            state.withLock { $0.goals.add(continuation, at: $0.agenda.now + duration) }
            wakeUp.yield()
        }
    }

    private func drain() {
        while true {
            run()
            let next = nextDeadline
            let goal = state.withLock { $0.goals.next ?? ($0.isAutomatic ? next : nil) }
            guard let goal else { return }
            if let next, next <= goal { move(to: next) } else { reach(goal) }
        }
    }

    private func reach(_ goal: Instant) {
        move(to: goal)
        state.withLock { $0.goals.takeNext() }?.resume()
    }

    // MARK: For the loops

    func add(_ work: Agenda.Work, of node: ManualLoop?) {
        state.withLock { state in
            if let owner, owner != pthread_self() { state.strayTurns += 1 }
            state.agenda.add(Agenda.Item(node: node, work: work))
        }
        wakeDriver()
    }

    /// Tells ``drive()`` that there may be something to do. A strict scheduler is driven by its owner alone.
    private func wakeDriver() { if owner == nil { wakeUp.yield() } }

    func isCurrent(_ loop: ManualLoop) -> Bool {
        state.withLock { $0.current === loop && $0.thread == pthread_self() }
    }

    func remove(_ loop: ManualLoop) { state.withLock { $0.agenda.remove(loop) } }

    /// Returns after a duration of the virtual time.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    package func sleep(for duration: Duration) async throws {
        guard duration > .zero else { return try Task.checkCancellation() }
        let number = state.withLock { $0.agenda.schedule.reserve() }
        let isOver = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if Task.isCancelled { return true }
                    state.agenda.schedule.add(continuation, number, at: state.agenda.now + duration)
                    return false
                }
                if isCancelled { continuation.resume(returning: false) } else { wakeDriver() }
            }
        } onCancel: {
            state.withLock { $0.agenda.schedule.remove(number) }?.resume(returning: false)
        }
        if !isOver { throw CancellationError() }
    }

    /// Makes a source of ids that depend only on the seed and on how many sources were made before.
    package func makeIDs() -> IDGenerator {
        let seed = state.withLock { state in
            state.lastSeed &+= 1
            return state.lastSeed
        }
        let random = Lock(SplitMix64(seed: seed))
        return IDGenerator { buffer in
            random.withLock { random in
                for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: random.next()) }
            }
        }
    }

    // MARK: Faults

    /// Changes what there is to run.
    func change<R>(_ body: (inout Agenda) -> R) -> R {
        defer { wakeDriver() }
        return state.withLock { body(&$0.agenda) }
    }
}
