internal import Dispatch
internal import Glibc
internal import Lymph

/// Obeys the signals that ask a process to stop, from its first moment to its last.
///
/// Before anything has begun that must be ended, the first signal just ends the process. After ``obey(_:)`` it asks
/// that to stop, and a later one (``StopSignals``) ends the process at once. What has not stopped in the time that it may take
/// is ended, too: a method can ignore that it was cancelled.
///
/// It does so on a queue of its own: a service whose methods occupy every thread can still be ended. It goes on until
/// ``cancel()``, also when nobody has it any longer.
package actor SignalWatch {
    /// What signals do.
    package struct Target: Sendable {
        let stop: @Sendable () -> Duration?
        let giveUp: @Sendable () -> Void
        let other: @Sendable (Int32) -> Bool

        /// - Parameters:
        ///   - stop: Begins to stop; the result is how long that may take, if there is a limit.
        ///   - giveUp: Says what has not ended in that time; then the process ends.
        ///   - other: Does what another signal means; true if that is to stop.
        package init(
            stop: @escaping @Sendable () -> Duration?, giveUp: @escaping @Sendable () -> Void = {},
            other: @escaping @Sendable (Int32) -> Bool = { _ in false }
        ) {
            self.stop = stop
            self.giveUp = giveUp
            self.other = other
        }
    }

    /// The terminal that the process was started at.
    package nonisolated let terminal: ControllingTerminal

    private let executor: DispatchQueueExecutor
    private let stopping: Set<Int32>
    private let status: Int32
    private let sources: [any DispatchSourceSignal]
    private var signals = StopSignals()
    private var target: Target?
    private var isCancelled = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Begins to watch. Returns when none of the signals can be missed any more.
    ///
    /// It should come first in `main`, after what it needs: before it, a signal kills the process, or is lost if that is the first one of
    /// its machine (PID 1).
    ///
    /// - Parameters:
    ///   - stopping: The signals that ask the process to stop.
    ///   - others: Signals that mean nothing until ``obey(_:)`` says what they do.
    ///   - status: What the process ends with that has nothing to stop.
    package init(stopping: Set<Int32> = [SIGTERM, SIGINT], others: Set<Int32> = [], status: Int32 = 0) {
        // While SIGHUP is as it was found.
        terminal = ControllingTerminal()
        // Before anything else: what comes before there are sources waits for them.
        let numbers = Array(stopping.union(others))
        var held = sigset_t()
        sigemptyset(&held)
        for number in numbers { sigaddset(&held, number) }
        pthread_sigmask(SIG_BLOCK, &held, nil)
        self.stopping = stopping
        self.status = status
        executor = DispatchQueueExecutor(label: "lymph.signals")
        let queue = executor.queue
        let sources = numbers.map { DispatchSource.makeSignalSource(signal: $0, queue: queue) }
        self.sources = sources
        let registered = DispatchGroup()
        for (number, source) in zip(numbers, sources) {
            // Keeps the watch alive.
            source.setEventHandler { self.assumeIsolated { $0.receive(number) } }
            registered.enter()
            source.setRegistrationHandler { registered.leave() }
            source.activate()
        }
        // No suspension: at the first one the main thread begins to sleep with no signal blocked, and would take them itself.
        registered.wait()
    }

    /// From now on signals do this.
    package func obey(_ target: Target) {
        self.target = target
    }

    /// Signals do nothing any more.
    package func cancel() {
        isCancelled = true
        for source in sources { source.cancel() }
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
