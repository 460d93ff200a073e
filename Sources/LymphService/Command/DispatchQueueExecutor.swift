internal import Dispatch

/// A dispatch queue as the executor of an actor.
///
/// What the queue runs for other reasons (event sources, timers, the end of a stream) is then isolated to the actor
/// and reaches it with `assumeIsolated`, in order and without a task for each event.
final class DispatchQueueExecutor: SerialExecutor {
    /// Where the actor's jobs run, and whatever else is to be isolated to it.
    let queue: DispatchQueue

    /// - Parameter label: The queue's name in the eyes of a debugger.
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
