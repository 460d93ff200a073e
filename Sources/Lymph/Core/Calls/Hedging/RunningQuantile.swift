/// An estimate of a quantile of durations that come one after the other, in a few words of memory.
///
/// It moves up a little with each longer duration and down with each shorter one, in a proportion in which the moves
/// balance at the quantile (Ma, Muthukrishnan and Sandler, "Frugal Streaming for Estimating Quantiles", 2013). The moves
/// are fractions of the estimate, so it follows microseconds as well as minutes; they grow while all go in one direction.
struct RunningQuantile {
    /// 0 to 1.
    private let share: Double
    // In seconds; never zero, from where fractions lead nowhere.
    private var estimate = 1e-6
    private var samples = 0
    // How many moves have gone in the present direction.
    private var run = 0
    private var isRising = false

    /// It takes so many samples until there is an estimate.
    static let fewestSamples = 20
    private static let step = 0.02
    private static let mostDoublings = 5

    /// - Parameter percentage: More than 0 and less than 100.
    init(percentage: Double) { share = percentage / 100 }

    /// Nil before there were enough samples.
    var value: Duration? { samples < Self.fewestSamples ? nil : .seconds(estimate) }

    mutating func note(_ duration: Duration) {
        let sample = duration.inSeconds
        guard samples >= Self.fewestSamples else {
            // A good beginning for the high quantiles that hedging uses, and a careful one for others.
            estimate = max(estimate, sample)
            samples += 1
            return
        }
        guard sample != estimate else { return }
        let rises = sample > estimate
        run = rises == isRising ? run + 1 : 0
        isRising = rises
        // Such a run is rare while the estimate is right.
        let usual = 3 / (rises ? share : 1 - share)
        let doublings = Int(Double(run) / usual)
        let move = Self.step * Double(1 << min(doublings, Self.mostDoublings)) * (rises ? share : share - 1)
        let moved = estimate * (1 + move)
        // A large step must not lead beyond the sample. Limiting all of them would make the steps up shorter.
        estimate = doublings == 0 ? moved : rises ? min(moved, sample) : max(moved, sample)
    }
}
