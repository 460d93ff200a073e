internal import Glibc
package import Lymph
package import ZeroMQ

/// Runs the loops of any number of nodes, and the tasks beside them, one piece of work at a time and in a virtual time.
///
/// Everything to run waits in one queue, in order of arrival. With a seed, loops and tasks take turns in an order that
/// depends only on the seed. The work runs on the thread that calls ``run()`` or ``advance(by:)``, or in the task that
/// calls ``drive()``.
package final class ManualScheduler: Sendable {
    /// Something to run.
    enum Work {
        case job(UnownedJob, ManualLoop)
        case taskJob(UnownedJob, ManualExecutor)
        case call(@Sendable () -> Void)
    }

    private struct Item {
        /// The loop to run it on; nil for the pool.
        let loop: ManualLoop?
        let work: Work
    }

    private struct State {
        var now = Instant.origin
        var items: [Item] = []
        var random: SplitMix64?
        var sleepers = Sleepers()
        var seed: UInt64
        var loops: [ManualLoop] = []
        // The loop that is running, and its thread.
        var current: ManualLoop?
        var thread: pthread_t?
        var goals = Goals()
        var isAutomatic = false
        var turns = 0
        var digest: UInt64 = 0
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
        state = Lock(State(random: seed.map { SplitMix64(seed: $0) }, seed: seed ?? 0))
        owner = isStrict ? pthread_self() : nil
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package var now: Instant { state.withLock(\.now) }

    /// Makes a loop for one node.
    package func makeLoop() -> any EventLoop {
        let loop = ManualLoop(self)
        state.withLock { $0.loops.append(loop) }
        return loop
    }

    /// An executor for tasks that belong to no loop.
    package var executor: any TaskExecutor { ManualExecutor(self, nil) }

    /// How many pieces of work have run.
    package var turns: Int { state.withLock(\.turns) }

    /// A digest of what has run, when, and in which order. Equal runs have equal digests.
    package var digest: UInt64 { state.withLock(\.digest) }

    /// How often work came from a thread that the scheduler doesn't know: from Dispatch, `Task.sleep`, or a task that
    /// doesn't prefer its executor. Only counted if it is strict.
    package var strayTurns: Int { state.withLock(\.strayTurns) }

    /// The time of the next thing that waits for its time.
    package var nextDeadline: Instant? {
        let (loops, sleeper) = state.withLock { ($0.loops, $0.sleepers.next) }
        return loops.reduce(sleeper) { earliest($0, $1.deadline) }
    }

    // MARK: Running, for the thread that drives it

    /// Runs everything that can run now, and what follows from it.
    package func run() {
        repeat {
            while let item = takeNext() { run(item) }
        } while flush()
    }

    /// Advances the time, and runs what becomes due on the way.
    package func advance(by duration: Duration) {
        run()
        let end = now + duration
        while let next = nextDeadline, next <= end {
            move(to: next)
            run()
        }
        state.withLock { $0.now = end }
        run()
    }

    /// Advances to the next thing that waits for its time, and runs it.
    ///
    /// - Parameter end: The time not to go beyond.
    /// - Returns: Whether there was anything until then.
    package func step(until end: Instant) -> Bool {
        run()
        guard let next = nextDeadline, next <= end else { return false }
        move(to: next)
        run()
        return true
    }

    private func takeNext() -> Item? {
        state.withLock { state in
            guard !state.items.isEmpty else { return nil }
            var index = 0
            if let random = state.random?.next() {
                // The order within a loop is kept.
                index = Int(random % UInt64(state.items.count))
                if let loop = state.items[index].loop {
                    index = state.items.firstIndex { $0.loop === loop } ?? index
                }
            }
            state.turns += 1
            for part in [UInt64(index), UInt64(state.items.count), UInt64(bitPattern: state.now.nanoseconds)] {
                state.digest = (state.digest ^ part) &* 0x0000_0100_0000_01b3
            }
            return state.items.remove(at: index)
        }
    }

    private func run(_ item: Item) {
        on(item.loop) {
            switch item.work {
            case .job(let job, let loop): unsafe job.runSynchronously(on: loop.asUnownedSerialExecutor())
            case .taskJob(let job, let executor): unsafe job.runSynchronously(on: executor.asUnownedTaskExecutor())
            case .call(let body): body()
            }
        }
        item.loop?.isDirty.withLock { $0 = true }
    }

    private func on(_ loop: ManualLoop?, _ body: () -> Void) {
        state.withLock { ($0.current, $0.thread) = (loop, pthread_self()) }
        body()
        state.withLock { ($0.current, $0.thread) = (nil, nil) }
    }

    /// Calls `onIdle` of the loops that have run something, so that they send what they kept.
    ///
    /// - Returns: Whether there is something to run again.
    private func flush() -> Bool {
        for loop in state.withLock(\.loops) where loop.isDirty.withLock({ swap(&$0, false) }) {
            on(loop) { loop.onIdle?() }
        }
        return state.withLock { !$0.items.isEmpty }
    }

    /// Sets the time, and wakes the sleepers and loops whose time has come.
    private func move(to time: Instant) {
        let (now, loops, due) = state.withLock { state in
            state.now = max(state.now, time)
            return (state.now, state.loops, state.sleepers.takeDue(at: state.now))
        }
        for continuation in due { continuation.resume(returning: true) }
        for loop in loops {
            guard let deadline = loop.deadline, deadline <= now else { continue }
            loop.deadline = nil
            on(loop) { loop.onDeadline?() }
            loop.isDirty.withLock { $0 = true }
        }
    }

    // MARK: Driving, for tasks

    /// Whether the time advances by itself to what is next due, as soon as nothing can run.
    package var isAutomatic: Bool {
        get { state.withLock(\.isAutomatic) }
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
            state.withLock { $0.goals.add(continuation, at: $0.now + duration) }
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
        let reached = state.withLock { state in
            state.now = max(state.now, goal)
            return state.goals.takeNext()
        }
        reached?.resume()
    }

    // MARK: For the loops

    func add(_ work: Work, on loop: ManualLoop?) {
        state.withLock { state in
            if let owner, owner != pthread_self() { state.strayTurns += 1 }
            state.items.append(Item(loop: loop, work: work))
        }
        if owner == nil { wakeUp.yield() }
    }

    func isCurrent(_ loop: ManualLoop) -> Bool {
        state.withLock { $0.current === loop && $0.thread == pthread_self() }
    }

    func remove(_ loop: ManualLoop) { state.withLock { $0.loops.removeAll { $0 === loop } } }

    /// Returns after a duration of the virtual time.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    package func sleep(for duration: Duration) async throws {
        let number = state.withLock { $0.sleepers.reserve() }
        let isOver = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if Task.isCancelled { return true }
                    state.sleepers.add(continuation, number, at: state.now + duration)
                    return false
                }
                if isCancelled { continuation.resume(returning: false) }
            }
        } onCancel: {
            state.withLock { $0.sleepers.remove(number) }?.resume(returning: false)
        }
        if !isOver { throw CancellationError() }
    }

    /// Makes a source of ids that depend only on the seed and on how many sources were made before.
    package func makeIDs() -> IDGenerator {
        let seed = state.withLock { state in
            state.seed &+= 1
            return state.seed
        }
        let random = Lock(SplitMix64(seed: seed))
        return IDGenerator { buffer in
            random.withLock { random in
                for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: random.next()) }
            }
        }
    }
}

private func swap(_ value: inout Bool, _ new: Bool) -> Bool {
    defer { value = new }
    return value
}
