internal import Lymph
internal import LymphFleet

/// A line that shows progress.
struct ProgressBar {
    let total: Int

    /// The line, unterminated.
    func text(done: Int, elapsed: Duration, width: Int) -> String {
        let share = total == 0 ? 1 : Double(done) / Double(total)
        let rate = (Double(done) / max(elapsed.inSeconds, 1e-9)).fixed(0)
        let numbers = " \(done)/\(total)  \(rate)/s"
        // The last column stays free: some terminals wrap after it.
        let room = max(0, width - numbers.displayWidth - 1)
        let filled = Int((share * Double(room)).rounded(.down))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: room - filled)
        return bar + numbers
    }
}
