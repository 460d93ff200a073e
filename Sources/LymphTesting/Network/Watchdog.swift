internal import Lymph
internal import ZeroMQ

/// Finds out that a test waits for what can't happen any more.
struct Watchdog {
    let network: TestNetwork
    /// How long nothing may happen, in real time.
    let patience: Duration

    /// Returns when nothing has happened for a while.
    ///
    /// - Returns: What the test waits for; nil if the task is cancelled.
    func watch() async -> String? {
        // Several looks, because one that comes late proves nothing: the whole process may have been held up.
        var (last, looks) = (progress, 0)
        while (try? await Task.sleep(for: patience / 10)) != nil {
            let now = progress
            looks = now == last && !isBusy ? looks + 1 : 0
            last = now
            if looks >= 10 { return description }
        }
        return nil
    }

    private var scheduler: ManualScheduler { network.clock.scheduler }

    /// Grows whenever something happens. If time advances by itself, something always does, so that only calls count.
    private var progress: Int { scheduler.isAutomatic ? network.log.events : scheduler.turns }

    private var isBusy: Bool { !scheduler.isAutomatic && !scheduler.isIdle }

    private var description: String {
        let clock = network.clock
        var text =
            "nothing has happened for \(patience.text), and the test has not ended; the clock stands at \(clock.now.offset.text)"
        if let next = scheduler.nextDeadline {
            let left = next - scheduler.now
            text += ", and the next thing is due in \(left.text): advance the clock, or use TestClock.automatic"
        }
        let calls = network.log.calls.filter { $0.result == nil }.map { "\($0)" }
        let awaited = network.log.awaited.map { "the test waits for a call of \($0)" }
        let starting = network.services.filter { !$0.node.hasEnded && $0.container.progress.phase != .serving }
            .map { "\($0.node.name): \($0.container.progress.obstacle)" }
        return ([text] + calls + awaited + starting).joined(separator: "\n    ")
    }
}
