internal import Dispatch
internal import Glibc
internal import Synchronization

/// Stops the service at the first signal to stop, ends the process at the second, and opens the log file again at SIGHUP;
/// without one it stops then, too, if the terminal that it was started at was closed.
/// A service that has not stopped in the time that it may take is ended, too: a method can ignore that it was cancelled.
///
/// It does so on a thread of its own: a service whose methods occupy every thread can still be ended. Both signals are counted
/// in one place, and the first is counted before it has an effect: whoever has seen the effect sends the second.
struct SignalWatch {
    private let sources: [any DispatchSourceSignal]
    private let timer: any DispatchSourceTimer

    /// Returns when no signal can be missed any more.
    ///
    /// - Parameter patience: How long the service may take to stop.
    init(output: LogOutput, patience: Duration, onFirst stop: @escaping @Sendable () -> Void) async {
        let queue = DispatchQueue(label: "lymph.signals")
        let signals = Counter()
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler {
            output.write("what runs has not ended though it was cancelled: the process ends without it")
            LineWriter.flushAll()
            _exit(ExitStatus.software.rawValue)
        }
        timer.activate()
        self.timer = timer
        let begin = {
            timer.schedule(deadline: .now() + patience / .seconds(1))
            stop()
        }
        let stopping = [SIGTERM, SIGINT].map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
            source.setEventHandler {
                if signals.next() > 1 {
                    LineWriter.flushAll(limit: .milliseconds(200))
                    _exit(128 + signal)
                }
                begin()
            }
            return source
        }
        let terminal = ControllingTerminal()
        let reopening = DispatchSource.makeSignalSource(signal: SIGHUP, queue: queue)
        reopening.setEventHandler {
            // Whoever gave it a log file does not read it at the terminal.
            guard !output.isFile, terminal.isGone else { return output.reopen() }
            // Once: the shell and the kernel both send it.
            if signals.isFirst() { begin() }
        }
        sources = stopping + [reopening]
        for source in sources {
            // The system's watch begins a moment after `resume()`; until then a signal would kill the process.
            await withCheckedContinuation { continuation in
                source.setRegistrationHandler { continuation.resume() }
                source.resume()
            }
        }
    }

    func cancel() {
        for source in sources { source.cancel() }
        timer.cancel()
    }

    private final class Counter: Sendable {
        private let count = Atomic<Int>(0)

        func next() -> Int { count.add(1, ordering: .relaxed).newValue }

        /// Counts unless something was counted before.
        func isFirst() -> Bool {
            count.compareExchange(expected: 0, desired: 1, ordering: .relaxed).exchanged
        }
    }
}
