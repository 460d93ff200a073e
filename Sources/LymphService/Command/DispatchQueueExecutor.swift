internal import Dispatch

/// A dispatch queue as the executor of an actor.
///
/// Other work on the queue (event sources, timers, the end of a stream) is therefore isolated to the actor and
/// reaches it with `assumeIsolated`, in order and without a task for each event.
final class DispatchQueueExecutor: SerialExecutor {
    /// Runs the actor's jobs, and anything else that must be isolated to it.
    let queue: DispatchQueue

    /// - Parameter label: The queue's name, as a debugger shows it.
    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
