internal import Dispatch
internal import Glibc
internal import Synchronization

/// Ends the process at the second signal to stop, and opens the log file again at SIGHUP.
///
/// It does so on a thread of its own: a service whose methods occupy every thread can still be ended.
struct SignalWatch {
    private let sources: [any DispatchSourceSignal]

    init(output: LogOutput) {
        let queue = DispatchQueue(label: "lymph.signals")
        let signals = Counter()
        let stopping = [SIGTERM, SIGINT].map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
            source.setEventHandler {
                if signals.next() > 1 { _exit(128 + signal) }
            }
            return source
        }
        let reopening = DispatchSource.makeSignalSource(signal: SIGHUP, queue: queue)
        reopening.setEventHandler {
            do throws(LogOutput.Failure) { try output.reopen() } catch { output.write("\(error)") }
        }
        sources = stopping + [reopening]
        for source in sources { source.resume() }
    }

    func cancel() {
        for source in sources { source.cancel() }
    }

    private final class Counter: Sendable {
        private let count = Atomic<Int>(0)

        func next() -> Int { count.add(1, ordering: .relaxed).newValue }
    }
}
