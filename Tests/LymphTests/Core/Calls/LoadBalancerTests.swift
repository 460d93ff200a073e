import HeapModule
import Testing
import ZeroMQ

@testable import Lymph

@Suite("Choosing an instance")
struct LoadBalancerTests {
    @Test("an excluded instance is never chosen")
    func filter() {
        var balancer = LoadBalancer(.powerOfTwoChoices, seed: 1)
        #expect(balancer.choose(of: 0, mayChoose: { _ in true }, isBetter: { _, _ in true }) == nil)
        #expect(balancer.choose(of: 1, mayChoose: { _ in false }, isBetter: { _, _ in true }) == nil)
        #expect(balancer.choose(of: 9, mayChoose: { _ in false }, isBetter: { _, _ in true }) == nil)
        for _ in 0..<100 {
            #expect(balancer.choose(of: 9, mayChoose: { $0 == 4 }, isBetter: { _, _ in true }) == 4)
            #expect(balancer.choose(of: 9, mayChoose: { $0 > 6 }, isBetter: { $0 < $1 }) == 7)
        }
    }

    @Test(
        "the calls of excluded instances are spread evenly",
        arguments: [LoadBalancing.random, .powerOfTwoChoices])
    func neighbours(_ strategy: LoadBalancing) {
        var balancer = LoadBalancer(strategy, seed: 2)
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<10_000 {
            guard let index = balancer.choose(of: 10, mayChoose: { $0 > 4 }, isBetter: { _, _ in false }) else {
                continue
            }
            counts[index] += 1
        }
        #expect(counts[..<5].allSatisfy { $0 == 0 })
        // 2000 each are expected, with a standard deviation of 40.
        #expect(counts[5...].allSatisfy { (1700...2300).contains($0) }, "\(counts)")
    }

    /// 100 000 calls at a steady rate, to instances that serve one call after another.
    ///
    /// - Parameter mean: How long a call takes at an instance on average, in milliseconds.
    private func simulate(_ strategy: LoadBalancing, seed: UInt64, interval: Double, mean: [Double]) -> [Int] {
        struct End: Comparable {
            let time: Double
            let instance: Int
            let began: Double
            static func < (a: End, b: End) -> Bool { a.time < b.time }
        }
        let start = Instant.now
        var balancer = LoadBalancer(strategy, seed: seed)
        var random = SplitMix64(seed: seed)
        var loads = [Load](repeating: Load(), count: mean.count)
        var free = [Double](repeating: 0, count: mean.count)
        var counts = [Int](repeating: 0, count: mean.count)
        var ends = Heap<End>()
        for call in 0..<100_000 {
            let time = Double(call) * interval
            while let end = ends.min, end.time <= time {
                _ = ends.removeMin()
                loads[end.instance].end(
                    .answered(.milliseconds(end.time - end.began)), at: start + .milliseconds(end.time))
            }
            let now = start + .milliseconds(time)
            let chosen = balancer.choose(of: mean.count) { _ in
                true
            } isBetter: {
                loads[$0].isBetter(than: loads[$1], at: now)
            }
            guard let chosen else { continue }
            counts[chosen] += 1
            loads[chosen].begin(at: now)
            let duration = Double.random(in: 0.5...1.5, using: &random) * mean[chosen]
            free[chosen] = max(free[chosen], time) + duration
            ends.insert(End(time: free[chosen], instance: chosen, began: time))
        }
        return counts
    }

    @Test("100 instances get about the same number of calls at any load", arguments: [0.2, 0.04, 0.02, 0.014])
    func even(interval: Double) {
        let counts = simulate(.powerOfTwoChoices, seed: 3, interval: interval, mean: .init(repeating: 1, count: 100))
        #expect(counts.max().map { Double($0) / 1000 <= 1.2 } == true, "\(counts)")
    }

    @Test("an instance that is ten times slower gets hardly any calls", arguments: [3, 10, 100])
    func slow(count: Int) {
        var mean = [Double](repeating: 1, count: count)
        mean[0] = 10
        // Half of what the fast ones can do.
        let counts = simulate(.powerOfTwoChoices, seed: 4, interval: 2 / Double(count - 1), mean: mean)
        #expect(counts[0] < 3000, "\(counts)")
        #expect(counts[0] > 0)
    }

    @Test("with random choice, all instances get the same number of calls")
    func random() {
        var mean = [Double](repeating: 1, count: 10)
        mean[0] = 10
        let counts = simulate(.random, seed: 5, interval: 1, mean: mean)
        #expect(counts.allSatisfy { (9000...11_000).contains($0) }, "\(counts)")
    }

    @Test("two clients choose differently")
    func seeds() {
        let choices = (0..<2).map { _ in
            var balancer = LoadBalancer(.random)
            return (0..<50).map { _ in balancer.choose(of: 10, mayChoose: { _ in true }, isBetter: { _, _ in true }) }
        }
        #expect(choices[0] != choices[1])
    }
}
