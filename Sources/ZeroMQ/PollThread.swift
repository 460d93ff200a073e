internal import CZeroMQ
internal import Glibc
internal import Synchronization

/// A thread that owns sockets and is an executor at the same time.
///
/// It blocks in `epoll_wait` until a socket is ready, a job arrives or its deadline comes. An actor that names it as
/// its executor can therefore touch the sockets from its methods, without a lock or an executor hop. A job that
/// arrives while the thread is awake costs no system call.
///
/// The thread starts with the first job and ends some time after ``stop()``.
package final class PollThread: SerialExecutor, @unchecked Sendable {  // Only the locked inbox is shared.
    private enum Work {
        /// A job of an actor that has the thread as its executor.
        case job(UnownedJob)
        /// A job of a task that prefers the thread.
        case taskJob(UnownedJob, TaskExecutorOfThread)
        case call(@Sendable () -> Void)
    }

    private struct Inbox {
        var work: [Work] = []
        var isAsleep = false
        var isStopped = false
        var isStarted = false
    }

    private let inbox = Lock(Inbox())
    private let wakeup = Wakeup()
    // The thread's id; 0 while it does not run.
    private let current = Atomic<UInt>(0)
    private let name: String
    // The batch of work being done, and the index of the next item in it.
    private var running: [Work] = []
    private var next = 0

    /// How many jobs run before the sockets get their turn.
    private static let fairness = 256

    /// What the thread waits for besides jobs. Only for use on the thread.
    package let pollSet: PollSet

    /// When ``onDeadline`` is next called. Only for use on the thread.
    package var deadline: Instant?

    /// Called on the thread when ``deadline`` has passed; it should set the next one.
    package var onDeadline: (() -> Void)?

    /// Called on the thread when it has run out of work, before it waits. Only for use on the thread.
    package var onIdle: (() -> Void)?

    /// Makes sure that the thread can wait for sockets. Without descriptors it only runs jobs, and slowly.
    ///
    /// - Throws: ``ZMQError`` that ``ZMQError/isOutOfDescriptors`` holds for.
    package func requireDescriptors() throws(ZMQError) {
        guard pollSet.isUsable else {
            throw ZMQError(
                code: EMFILE, function: "epoll_create1",
                subject: "there were none when the client or service was created")
        }
    }

    /// - Parameter name: The thread's name, as a debugger shows it; 15 bytes at most.
    package init(name: String) {
        self.name = name
        pollSet = PollSet(wakeup: wakeup.descriptor)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        add(.job(UnownedJob(job)))
    }

    /// An executor for tasks that prefer the thread, and for the non-isolated code that they call.
    ///
    /// - Parameter owner: Kept alive with the executor: the object that stops the thread when it is released.
    package func taskExecutor(of owner: (any Sendable)? = nil) -> any TaskExecutor {
        TaskExecutorOfThread(self, owner)
    }

    /// Runs `body` on the thread, in order with the jobs of the executor.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        add(.call(body))
    }

    /// Runs `body` on the thread, and returns when it has. Not for use on the thread, which would wait for itself.
    package func executeAndWait(_ body: @escaping @Sendable () -> Void) {
        precondition(!isCurrent, "\(name) would wait for itself")
        let end = Semaphore()
        execute {
            body()
            end.signal()
        }
        end.wait()
    }

    private func add(_ work: Work) {
        let (wake, start) = inbox.withLock { inbox in
            inbox.work.append(work)
            let wake = inbox.isAsleep
            inbox.isAsleep = false
            return (wake, !inbox.isStarted)
        }
        if start { startOnce() }
        if wake { wakeup.signal() }
    }

    /// Whether the caller runs on the thread.
    package var isCurrent: Bool { current.load(ordering: .relaxed) == UInt(pthread_self()) }

    package func checkIsolated() {
        precondition(isCurrent, "not on the thread \(name)")
    }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    /// Ends the thread after the work that is already queued. Nothing may be queued after this.
    package func stop() {
        let wake = inbox.withLock { inbox in
            inbox.isStopped = true
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if wake { wakeup.signal() }
    }

    private func startOnce() {
        inbox.withLock { inbox in
            guard !inbox.isStarted else { return }
            inbox.isStarted = true
            spawnThread(name: name) { self.run() }
        }
    }

    private func run() {
        current.store(UInt(pthread_self()), ordering: .relaxed)
        while true {
            let (isStopped, hasWork) = inbox.withLock { inbox in
                if running.isEmpty { swap(&inbox.work, &running) }
                return (inbox.isStopped, !running.isEmpty)
            }
            runSome()
            if isStopped && !hasWork {
                // The system may soon give the id to another thread.
                current.store(0, ordering: .relaxed)
                return
            }
            onIdle?()
            wait()
        }
    }

    /// Runs jobs in order, up to a limit, so that sockets and timer get their turn.
    private func runSome() {
        let end = min(next + Self.fairness, running.count)
        while next < end {
            switch running[next] {
            case .job(let job):
                unsafe job.runSynchronously(on: asUnownedSerialExecutor())
            case .taskJob(let job, let executor):
                unsafe job.runSynchronously(on: executor.asUnownedTaskExecutor())
            case .call(let body): body()
            }
            next += 1
        }
        if next == running.count {
            running.removeAll(keepingCapacity: true)
            next = 0
        }
    }

    private func wait() {
        do {
            let isReady = try pollSet.refresh()
            // Work that this turn's jobs queued must not wait: sleep only if there is none.
            let mayBlock = inbox.withLock { inbox in
                inbox.isAsleep = !isReady && running.isEmpty && inbox.work.isEmpty && !inbox.isStopped
                return inbox.isAsleep
            }
            try pollSet.wait(milliseconds: mayBlock ? Instant.now.milliseconds(until: deadline) : 0)
            if mayBlock { inbox.withLock { $0.isAsleep = false } }
            pollSet.dispatch()
        } catch {
            // Only a bug of ours leads here (a closed socket left in the set), and going on would spin for ever.
            preconditionFailure("\(error)")
        }
        if let deadline, deadline <= .now {
            // Cleared before the call: if the handler forgot to set another deadline, the thread would spin.
            self.deadline = nil
            onDeadline?()
        }
    }
}

/// Lets one thread wait for another.
@safe private final class Semaphore: @unchecked Sendable {  // That is what it is for.
    private let raw = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { unsafe sem_init(raw, 0, 0) }

    deinit {
        unsafe sem_destroy(raw)
        unsafe raw.deallocate()
    }

    func signal() { unsafe sem_post(raw) }

    func wait() { while unsafe sem_wait(raw) == -1 && errno == EINTR {} }
}

// A type of its own: a job must run either as an actor's or as a task's, and only the queue it came in by tells
// which. An actor's job run as a task's would make every further step of the actor wait for another turn of the loop.
private final class TaskExecutorOfThread: TaskExecutor {
    private let thread: PollThread
    private let owner: (any Sendable)?

    init(_ thread: PollThread, _ owner: (any Sendable)?) {
        self.thread = thread
        self.owner = owner
    }

    func enqueue(_ job: consuming ExecutorJob) { thread.add(UnownedJob(job), for: self) }
}

extension PollThread {
    fileprivate func add(_ job: UnownedJob, for executor: TaskExecutorOfThread) { add(.taskJob(job, executor)) }
}

/// Starts a detached thread with all signals blocked: those are for the application's threads.
package func spawnThread(name: String, _ body: @escaping @Sendable () -> Void) {
    final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void
        init(_ name: String, _ run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }
    let context = unsafe Unmanaged.passRetained(Body(name, body))
    var all = sigset_t()
    var previous = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &previous)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &previous, nil) }
    var thread = pthread_t()
    let code = unsafe pthread_create(
        &thread, nil,
        { pointer in
            guard let pointer = unsafe pointer else { return nil }
            let body = unsafe Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue()
            unsafe pthread_setname_np(pthread_self(), body.name)
            pthread_detach(pthread_self())
            body.run()
            return nil
        }, context.toOpaque())
    precondition(code == 0, "pthread_create failed with error \(code)")
}
