internal import Glibc
package import ZeroMQ

/// A deterministic scheduler for tests. It runs the loops of any number of nodes, and the tasks beside them, on the
/// test's thread. Its time stands still until ``advance(by:)``.
///
/// Everything to run waits in one queue, in order of arrival. With a seed, loops and tasks take turns in an order that
/// depends only on the seed. Nothing runs outside of ``run()`` and ``advance(by:)``.
package final class ManualScheduler: Sendable {
    /// Something to run.
    fileprivate enum Work {
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
        var sleepers = Timers<Int>()
        var continuations: [Int: UnsafeContinuation<Bool, Never>] = [:]
        var lastSleeper = 0
        var seed: UInt64
        var loops: [ManualLoop] = []
        // The loop that is running, and its thread.
        var current: ManualLoop?
        var thread: pthread_t?
    }

    private let state: Lock<State>

    /// - Parameter seed: Determines the order; without one, it is the order of arrival.
    package init(seed: UInt64? = nil) {
        state = Lock(State(random: seed.map { SplitMix64(seed: $0) }, seed: seed ?? 0))
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

    // MARK: Running

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
        while let next = nextDeadline(), next <= end {
            state.withLock { $0.now = max($0.now, next) }
            wake()
            run()
        }
        state.withLock { $0.now = end }
        run()
    }

    private func takeNext() -> Item? {
        state.withLock { state in
            guard !state.items.isEmpty else { return nil }
            guard let random = state.random?.next() else { return state.items.removeFirst() }
            // The order within a loop is kept.
            let chosen = state.items[Int(random % UInt64(state.items.count))]
            let index = state.items.firstIndex { chosen.loop != nil && $0.loop === chosen.loop }
            return state.items.remove(at: index ?? Int(random % UInt64(state.items.count)))
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

    private func nextDeadline() -> Instant? {
        let (loops, sleeper) = state.withLock { ($0.loops, $0.sleepers.next) }
        return loops.reduce(sleeper) { earliest($0, $1.deadline) }
    }

    /// Wakes the sleepers and loops whose time has come.
    private func wake() {
        let (now, loops, due) = state.withLock { state in
            (
                state.now, state.loops,
                state.sleepers.takeDue(at: state.now).compactMap { state.continuations.removeValue(forKey: $0) }
            )
        }
        for continuation in due { continuation.resume(returning: true) }
        for loop in loops {
            guard let deadline = loop.deadline, deadline <= now else { continue }
            loop.deadline = nil
            on(loop) { loop.onDeadline?() }
            loop.isDirty.withLock { $0 = true }
        }
    }

    // MARK: For the loops

    fileprivate func add(_ work: Work, on loop: ManualLoop?) {
        state.withLock { $0.items.append(Item(loop: loop, work: work)) }
    }

    fileprivate func isCurrent(_ loop: ManualLoop) -> Bool {
        state.withLock { $0.current === loop && $0.thread == pthread_self() }
    }

    fileprivate func remove(_ loop: ManualLoop) { state.withLock { $0.loops.removeAll { $0 === loop } } }

    fileprivate func sleep(for duration: Duration) async throws {
        let number = state.withLock { state in
            state.lastSleeper += 1
            return state.lastSleeper
        }
        let isOver = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if Task.isCancelled { return true }
                    state.continuations[number] = continuation
                    state.sleepers.add(number, at: state.now + duration)
                    return false
                }
                if isCancelled { continuation.resume(returning: false) }
            }
        } onCancel: {
            state.withLock { $0.continuations.removeValue(forKey: number) }?.resume(returning: false)
        }
        if !isOver { throw CancellationError() }
    }

    fileprivate func makeIDs() -> IDGenerator {
        let random = Lock(
            SplitMix64(
                seed: state.withLock { state in
                    state.seed &+= 1
                    return state.seed
                }))
        return IDGenerator { buffer in
            random.withLock { random in
                for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: random.next()) }
            }
        }
    }
}

/// The loop of one node.
private final class ManualLoop: EventLoop, @unchecked Sendable {  // Only the scheduler's turns use unlocked state.
    private let scheduler: ManualScheduler
    /// Whether something ran since the last `onIdle`.
    let isDirty = Lock(false)
    var deadline: Instant?
    var onDeadline: (() -> Void)?
    var onIdle: (() -> Void)?

    init(_ scheduler: ManualScheduler) { self.scheduler = scheduler }

    var now: Instant { scheduler.now }
    var pool: (any TaskExecutor)? { scheduler.executor }
    func enqueue(_ job: consuming ExecutorJob) { scheduler.add(.job(UnownedJob(job), self), on: self) }
    func execute(_ body: @escaping @Sendable () -> Void) { scheduler.add(.call(body), on: self) }
    func enter() -> Bool { scheduler.isCurrent(self) }
    func leave() {}
    func checkIsolated() { precondition(enter(), "not on the loop") }
    func isIsolatingCurrentContext() -> Bool? { enter() }
    func taskExecutor(of owner: (any Sendable)?) -> any TaskExecutor { ManualExecutor(scheduler, self, owner) }
    func sleep(for duration: Duration) async throws { try await scheduler.sleep(for: duration) }
    func makeIDs() -> IDGenerator { scheduler.makeIDs() }
    func stop() { scheduler.remove(self) }
}

/// Runs tasks on a loop, or beside all of them.
private final class ManualExecutor: TaskExecutor {
    private let scheduler: ManualScheduler
    private let loop: ManualLoop?
    private let owner: (any Sendable)?

    init(_ scheduler: ManualScheduler, _ loop: ManualLoop?, _ owner: (any Sendable)? = nil) {
        self.scheduler = scheduler
        self.loop = loop
        self.owner = owner
    }

    func enqueue(_ job: consuming ExecutorJob) { scheduler.add(.taskJob(UnownedJob(job), self), on: loop) }
}

private func swap(_ value: inout Bool, _ new: Bool) -> Bool {
    defer { value = new }
    return value
}
