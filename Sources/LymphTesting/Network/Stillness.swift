internal import Lymph

/// Waits until nothing happens in a network any more, in real time.
struct Stillness {
    let clock: TestClock
    let log: CallLog
    /// For how long nothing may happen.
    let patience: Duration

    private var scheduler: ManualScheduler { clock.scheduler }

    /// Returns when nothing has happened for a while.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    func wait() async throws {
        // Several looks, because one that comes late proves nothing: the whole process may have been held up.
        var (last, looks) = (progress, 0)
        while looks < 10 {
            try await Task.sleep(for: patience / 10)
            let now = progress
            looks = now == last && !isBusy ? looks + 1 : 0
            last = now
        }
    }

    /// Grows whenever something happens. If time advances by itself, something always does, so that only calls count.
    private var progress: Int { isLeaping ? log.events : scheduler.turns }

    private var isBusy: Bool { !isLeaping && !scheduler.isIdle }

    private var isLeaping: Bool { scheduler.isAutomatic && !clock.isEnding }
}
