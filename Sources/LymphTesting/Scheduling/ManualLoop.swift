internal import Lymph
internal import ZeroMQ

/// The loop of one node.
final class ManualLoop: EventLoop, @unchecked Sendable {  // Only the scheduler's turns use unlocked state.
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
final class ManualExecutor: TaskExecutor {
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
