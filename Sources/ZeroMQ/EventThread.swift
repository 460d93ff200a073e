internal import CZeroMQ
internal import Glibc
internal import Synchronization

/// A thread for an actor that waits for files and timers but has no sockets: its executor, timers and watched
/// descriptors.
///
/// Timers, watches and other callbacks run isolated to the actor: they reach it with `assumeIsolated`, in order with
/// its jobs and without a task for each event.
///
/// The thread starts with its first use, costs no descriptor before that, and ends some time after ``stop()``.
package final class EventThread: SerialExecutor {
    private enum Work {
        case job(UnownedJob)
        case call(@Sendable () -> Void)
    }

    private struct State {
        var work: [Work] = []
        var timers = Timers<@Sendable () -> Void>()
        var watches: [Int: (descriptor: Int32, onReadable: @Sendable () -> Void)] = [:]
        var lastWatch = 0
        /// Descriptors whose watch has ended. The thread closes them, because only it knows when it isn't waiting for
        /// them.
        var ended: [Int32] = []
        /// An eventfd that ends the wait; -1 until there is one.
        var wakeup: Int32 = -1
        var isAsleep = false
        var isStarted = false
        var isStopped = false
    }

    private let state = Lock(State())
    // The thread's id; 0 while it does not run.
    private let current = Atomic<UInt>(0)
    private let name: String

    /// - Parameter name: The thread's name, as a debugger shows it; 15 bytes at most.
    package init(name: String) { self.name = name }

    deinit {
        state.withLock { state in
            for descriptor in state.ended + state.watches.values.map(\.descriptor) { Glibc.close(descriptor) }
            if state.wakeup >= 0 { Glibc.close(state.wakeup) }
        }
    }

    // MARK: For any thread

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        change { $0.work.append(.job(job)) }
    }

    /// Runs `body` on the thread, in order with the jobs of the actor.
    package func execute(_ body: @escaping @Sendable () -> Void) { change { $0.work.append(.call(body)) } }

    /// Runs `body` on the thread at `time`, or as soon as possible after it.
    package func at(_ time: Instant, _ body: @escaping @Sendable () -> Void) {
        change { $0.timers.add(body, at: time) }
    }

    /// Runs `body` on the thread after `delay`.
    package func after(_ delay: Duration, _ body: @escaping @Sendable () -> Void) { at(now + delay, body) }

    /// The current time, on the clock of the timers.
    package var now: Instant { .now }

    /// Calls `onReadable` on the thread whenever the descriptor can be read, until the last reference to the result
    /// is released.
    ///
    /// - Parameter descriptor: Owned by the thread from now on, which closes it when the watch has ended.
    /// - Throws: ``ZMQError`` that ``ZMQError/isOutOfDescriptors`` holds for, if the thread can't get the eventfd
    ///   that wakes it. The caller keeps the descriptor then.
    package func watch(
        _ descriptor: Int32, onReadable: @escaping @Sendable () -> Void
    ) throws(ZMQError) -> Watch {
        let (number, error) = change { state -> (Int, ZMQError?) in
            if let error = Self.openWakeup(&state) { return (0, error) }
            state.lastWatch += 1
            state.watches[state.lastWatch] = (descriptor, onReadable)
            return (state.lastWatch, nil)
        }
        if let error { throw error }
        return Watch(descriptor: descriptor, number: number, thread: self)
    }

    /// Lets the thread end after the work that is already queued. Timers no longer fire.
    package func stop() { change { $0.isStopped = true } }

    /// Whether the caller runs on the thread.
    package var isCurrent: Bool { current.load(ordering: .relaxed) == UInt(pthread_self()) }

    package func checkIsolated() { precondition(isCurrent, "not on the thread \(name)") }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    /// A watched descriptor. The watch ends with the last reference to this.
    package final class Watch: Sendable {
        package let descriptor: Int32
        private let number: Int
        private let thread: EventThread

        fileprivate init(descriptor: Int32, number: Int, thread: EventThread) {
            self.descriptor = descriptor
            self.number = number
            self.thread = thread
        }

        deinit { thread.endWatch(number) }
    }

    private func endWatch(_ number: Int) {
        change { state in
            if let watch = state.watches.removeValue(forKey: number) { state.ended.append(watch.descriptor) }
        }
    }

    /// Changes what the thread has to do, and starts or wakes it.
    private func change<R>(_ body: (inout State) -> R) -> R {
        state.withLock { state in
            let result = body(&state)
            if !state.isStarted, !state.isStopped {
                state.isStarted = true
                spawnThread(name: name) { self.run() }
            }
            if state.isAsleep, state.wakeup >= 0 {
                state.isAsleep = false
                eventfd_write(state.wakeup, 1)
            }
            return result
        }
    }

    private static func openWakeup(_ state: inout State) -> ZMQError? {
        guard state.wakeup < 0 else { return nil }
        do throws(ZMQError) {
            try Descriptors.require(1, for: "eventfd")
            state.wakeup = try check("eventfd") { eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC)) }
            return nil
        } catch {
            return error
        }
    }

    // MARK: The thread

    private func run() {
        current.store(UInt(pthread_self()), ordering: .relaxed)
        while runWork() {
            let readable = wait()
            runTimers()
            // Looked up one by one: a callback that ran before may have ended the watch.
            for number in readable { state.withLock { $0.watches[number]?.onReadable }?() }
        }
        // Timers that will never fire must not keep anything alive.
        let timers = state.withLock { state in
            defer { state.timers.removeAll() }
            return state.timers
        }
        withExtendedLifetime(timers) {}
        // The system may soon give the id to another thread.
        current.store(0, ordering: .relaxed)
    }

    // Separate functions, so that what they ran is released before the thread waits.

    /// - Returns: Whether the thread goes on.
    private func runWork() -> Bool {
        let (work, isStopped, ended) = state.withLock { state in
            defer { (state.work, state.ended) = ([], []) }
            return (state.work, state.isStopped, state.ended)
        }
        for descriptor in ended { Glibc.close(descriptor) }
        for item in work { run(item) }
        return !isStopped || !work.isEmpty
    }

    private func runTimers() {
        let due = state.withLock { $0.isStopped ? [] : $0.timers.takeDue(at: now) }
        for body in due { body() }
    }

    private func run(_ work: Work) {
        switch work {
        case .job(let job): unsafe job.runSynchronously(on: asUnownedSerialExecutor())
        case .call(let body): body()
        }
    }

    /// Waits until there is something to do.
    ///
    /// - Returns: The watches whose descriptors can be read.
    private func wait() -> [Int] {
        let (numbers, polled, timeout) = state.withLock { state in
            _ = Self.openWakeup(&state)
            state.isAsleep = state.work.isEmpty && state.ended.isEmpty && !state.isStopped
            let numbers = Array(state.watches.keys)
            let descriptors = [state.wakeup] + numbers.compactMap { state.watches[$0]?.descriptor }
            let polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let timeout = state.isAsleep ? Int32(now.milliseconds(until: state.timers.next)) : 0
            // Without an eventfd nothing can end the wait, so waits are short until one can be opened.
            let isShort = state.wakeup < 0 && !(0...10).contains(timeout)
            return (numbers, polled, isShort ? 10 : timeout)
        }
        var descriptors = polled
        let count = unsafe poll(&descriptors, nfds_t(descriptors.count), timeout)
        state.withLock { state in
            state.isAsleep = false
            var value: eventfd_t = 0
            if descriptors[0].revents != 0 { unsafe eventfd_read(state.wakeup, &value) }
        }
        guard count > 0 else { return [] }
        return zip(numbers, descriptors.dropFirst()).filter { $1.revents != 0 }.map(\.0)
    }
}
