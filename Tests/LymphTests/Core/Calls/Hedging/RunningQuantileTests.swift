import Testing

@testable import Lymph

@Suite("Running quantile")
struct RunningQuantileTests {
    /// The share of the last samples that were not above the estimate before them.
    private func share(below percentage: Double, seed: UInt64, _ sample: (inout SplitMix64) -> Double) -> Double {
        var random = SplitMix64(seed: seed)
        var quantile = RunningQuantile(percentage: percentage)
        var below = 0
        for index in 0..<12_000 {
            let duration = Duration.seconds(sample(&random))
            if index >= 2000, let value = quantile.value, duration <= value { below += 1 }
            quantile.note(duration)
        }
        return Double(below) / 10_000
    }

    private static let percentages: [Double] = [50, 90, 95, 99]

    @Test("about that share of the samples is not above it", arguments: percentages, [1, 2, 3])
    func share(percentage: Double, seed: UInt64) {
        let even = share(below: percentage, seed: seed) { 0.001 + 0.001 * Double.random(in: 0..<1, using: &$0) }
        let skewed = share(below: percentage, seed: seed) { 0.0001 / (1.001 - Double.random(in: 0..<1, using: &$0)) }
        for found in [even, skewed] { #expect(abs(found * 100 - percentage) < 3, "\(found)") }
    }

    @Test("there is none before there were enough samples, and then it is not below them")
    func beginning() {
        var quantile = RunningQuantile(percentage: 95)
        for number in 1...RunningQuantile.fewestSamples {
            #expect(quantile.value == nil)
            quantile.note(.milliseconds(number))
        }
        #expect(quantile.value == .milliseconds(RunningQuantile.fewestSamples))
    }

    @Test("it follows samples that become shorter or longer", arguments: [0.01, 0.1, 10, 100])
    func change(factor: Double) {
        var quantile = RunningQuantile(percentage: 95)
        for _ in 0..<100 { quantile.note(.milliseconds(20)) }
        #expect(quantile.value == .milliseconds(20))
        for _ in 0..<600 { quantile.note(.milliseconds(20) * factor) }
        #expect(quantile.value == .milliseconds(20) * factor)
    }

    @Test("samples of no duration don't hold it down")
    func zero() {
        var quantile = RunningQuantile(percentage: 95)
        for _ in 0..<1000 { quantile.note(.zero) }
        for _ in 0..<500 { quantile.note(.milliseconds(1)) }
        #expect(quantile.value.map { $0 > .microseconds(900) } == true)
    }
}
