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
        let stillness = Stillness(clock: network.clock, log: network.log, patience: patience)
        return (try? await stillness.wait()) == nil ? nil : description
    }

    private var scheduler: ManualScheduler { network.clock.scheduler }

    private var description: String {
        let clock = network.clock
        var text =
            "nothing has happened for \(patience.text), and the test has not ended; the clock stands at \(clock.now.offset.text)"
        if !clock.isAutomatic, let next = scheduler.nextDeadline {
            let left = (next - scheduler.now).text
            text += ", and the next thing is due in \(left): advance the clock, or use TestClock.automatic"
        }
        let calls = network.log.calls.filter { $0.result == nil }.map { "\($0)" }
        let awaited = network.log.awaited.map { "the test waits for a call of \($0)" }
        let starting = network.services.filter { !$0.node.hasEnded && $0.container.progress.phase != .serving }
            .map { "\($0.node.name): \($0.container.progress.obstacle)" }
        return ([text] + calls + awaited + starting).joined(separator: "\n    ")
    }
}
