internal import Dispatch
internal import Glibc
internal import Lymph

/// Handles the signals that ask a process to stop, from its first moment to its last.
///
/// While nothing has begun that needs to be stopped, the first signal simply ends the process. After ``obey(_:)``,
/// the first signal starts the stop, and a later one (``StopSignals``) ends the process at once. If the stop takes
/// longer than it may, the process ends, too: a method can ignore its cancellation.
///
/// It runs on a queue of its own, so that a service whose methods occupy every thread can still be ended. It stays
/// active until ``cancel()``, even if nobody holds a reference to it.
package actor SignalWatch {
    /// What signals do.
    package struct Target: Sendable {
        let stop: @Sendable () -> Duration?
        let giveUp: @Sendable () -> Void
        let other: @Sendable (Int32) -> Bool

        /// - Parameters:
        ///   - stop: Starts to stop; returns how long that may take, if there is a limit.
        ///   - giveUp: Reports what has not ended in that time; then the process ends.
        ///   - other: Handles any other signal; returns true if the process should stop.
        package init(
            stop: @escaping @Sendable () -> Duration?, giveUp: @escaping @Sendable () -> Void = {},
            other: @escaping @Sendable (Int32) -> Bool = { _ in false }
        ) {
            self.stop = stop
            self.giveUp = giveUp
            self.other = other
        }
    }

    /// The terminal that the process was started from.
    package nonisolated let terminal: ControllingTerminal

    private let executor: DispatchQueueExecutor
    private let stopping: Set<Int32>
    private let status: Int32
    /// What the signals did before.
    private let previous: [(number: Int32, action: sigaction)]
    private let sources: [any DispatchSourceSignal]
    private var signals = StopSignals()
    private var target: Target?
    private var isCancelled = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Starts to watch. When this returns, none of the signals can be missed any more.
    ///
    /// It should come first in `main`, right after its prerequisites: before it, a signal kills the process, or is
    /// lost if the process is PID 1.
    ///
    /// - Parameters:
    ///   - stopping: The signals that ask the process to stop.
    ///   - others: Signals that have no effect until ``obey(_:)`` defines one.
    ///   - status: The exit status if there is nothing to stop.
    package init(stopping: Set<Int32> = [SIGTERM, SIGINT], others: Set<Int32> = [], status: Int32 = 0) {
        // While SIGHUP's disposition is still the inherited one.
        terminal = ControllingTerminal()
        // Blocked before anything else: signals that arrive before there are sources stay pending.
        let numbers = Array(stopping.union(others))
        var held = sigset_t()
        sigemptyset(&held)
        for number in numbers { sigaddset(&held, number) }
        pthread_sigmask(SIG_BLOCK, &held, nil)
        previous = numbers.map { number in
            var action = sigaction()
            sigaction(number, nil, &action)
            return (number, action)
        }
        self.stopping = stopping
        self.status = status
        executor = DispatchQueueExecutor(label: "lymph.signals")
        let queue = executor.queue
        let sources = numbers.map { DispatchSource.makeSignalSource(signal: $0, queue: queue) }
        self.sources = sources
        let registered = DispatchGroup()
        for (number, source) in zip(numbers, sources) {
            // The reference keeps the watch alive.
            source.setEventHandler { self.assumeIsolated { $0.receive(number) } }
            registered.enter()
            source.setRegistrationHandler { registered.leave() }
            source.activate()
        }
        // Blocks instead of suspending: at its first suspension the main thread goes to sleep with no signal blocked,
        // and would take the signals itself.
        registered.wait()
    }

    /// Sets what signals do from now on.
    package func obey(_ target: Target) {
        self.target = target
    }

    /// Stops watching: signals have no effect any more.
    package func cancel() {
        isCancelled = true
        for source in sources { source.cancel() }
    }

    /// Gives the signals back the effect that they had before the watch, after ``cancel()``.
    package func restore() {
        var held = sigset_t()
        sigemptyset(&held)
        for (number, var action) in previous {
            // libdispatch has set one of its own.
            sigaction(number, &action, nil)
            sigaddset(&held, number)
        }
        // One thread that takes them is enough.
        pthread_sigmask(SIG_UNBLOCK, &held, nil)
    }

    private func receive(_ number: Int32) {
        let isStop = stopping.contains(number)
        guard isStop || target?.other(number) == true else { return }
        switch signals.receive(now: .now) {
        case .stop: stop()
        case .force where isStop:
            LineWriter.flushAll(limit: .milliseconds(200))
            _exit(128 + number)
        case .repetition, .force: break
        }
    }

    private func stop() {
        guard let target else { _exit(status) }
        guard let patience = target.stop() else { return }
        executor.queue.asyncAfter(deadline: .now() + patience / .seconds(1)) {
            self.assumeIsolated { $0.giveUp(target) }
        }
    }

    private func giveUp(_ target: Target) {
        guard !isCancelled else { return }
        target.giveUp()
        LineWriter.flushAll()
        _exit(ExitStatus.software.rawValue)
    }
}
