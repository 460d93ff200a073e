internal import Lymph
internal import ZeroMQ

/// The loop of one node.
final class ManualLoop: EventLoop, @unchecked Sendable {  // Only the scheduler's turns use unlocked state.
    private let scheduler: ManualScheduler
    var deadline: Instant?
    var onDeadline: (() -> Void)?
    var onIdle: (() -> Void)?

    init(_ scheduler: ManualScheduler) { self.scheduler = scheduler }

    var now: Instant { scheduler.now }
    var pool: (any TaskExecutor)? { ManualExecutor(scheduler, self, isPool: true) }
    func enqueue(_ job: consuming ExecutorJob) { scheduler.add(.job(UnownedJob(job), self), of: self) }
    func execute(_ body: @escaping @Sendable () -> Void) { scheduler.add(.call(body), of: self) }
    func enter() -> Bool { scheduler.isCurrent(self) }
    func leave() {}
    func checkIsolated() { precondition(enter(), "not on the loop") }
    func isIsolatingCurrentContext() -> Bool? { enter() }
    func taskExecutor(of owner: (any Sendable)?) -> any TaskExecutor {
        ManualExecutor(scheduler, self, isPool: false, owner: owner)
    }
    func sleep(for duration: Duration) async throws { try await scheduler.sleep(for: duration) }
    func makeIDs() -> IDGenerator { scheduler.makeIDs() }
    func stop() { scheduler.remove(self) }
}

/// Runs tasks on a loop, or beside all of them.
final class ManualExecutor: TaskExecutor {
    private let scheduler: ManualScheduler
    private let node: ManualLoop?
    /// Whether its tasks run beside the loop of the node.
    let isPool: Bool
    private let owner: (any Sendable)?

    /// - Parameter node: The node whose tasks it runs; nil for those that belong to none.
    init(_ scheduler: ManualScheduler, _ node: ManualLoop?, isPool: Bool, owner: (any Sendable)? = nil) {
        self.scheduler = scheduler
        self.node = node
        self.isPool = isPool
        self.owner = owner
    }

    func enqueue(_ job: consuming ExecutorJob) { scheduler.add(.taskJob(UnownedJob(job), self), of: node) }
}
