internal import Lymph
internal import ZeroMQ

/// Which faults a simulation has.
public struct FaultPlan: Sendable {
    enum Choice: Sendable { case swarm, lossless(restarts: Bool) }

    let choice: Choice

    /// Each seed switches on some kinds of faults, at times of its own. A kind that is always on would hide what only
    /// goes wrong without it.
    public static let swarm = FaultPlan(choice: .swarm)

    /// Processes read slowly, for a second at most; the registry is late, and loses sessions. Every message arrives
    /// in the end, unless its receiver was stopped.
    ///
    /// - Parameter restarts: Whether processes are also stopped and started again.
    public static func lossless(restarts: Bool) -> FaultPlan { FaultPlan(choice: .lossless(restarts: restarts)) }

    /// Makes the faults for a seed.
    func faults(seed: UInt64, within time: Duration) -> [Fault] {
        switch choice {
        case .swarm:
            Swarm(random: SplitMix64(seed: seed), time: time)
                .draw(Swarm.Group.allCases)
        case .lossless(let restarts):
            Swarm(random: SplitMix64(seed: seed), time: time)
                .draw(
                    [.slowReader, .slowReader, .expiry, .lateRegistry]
                        + (restarts ? [.restart, .restart, .restart] : []),
                    longest: 250)
        }
    }
}

/// Draws faults.
private struct Swarm {
    var random: SplitMix64
    let time: Duration

    enum Group: CaseIterable {
        case loss, duplication, delay, partition, slowReader, freeze, crash, restart, expiry, lateRegistry, jump
    }

    /// - Parameter longest: How long a fault may last, in milliseconds.
    consuming func draw(_ groups: [Group], longest: Int = .max) -> [Fault] {
        var faults: [Fault] = []
        for group in groups where random.chance(0.4) {
            for _ in 0..<random.next(in: 1...2) {
                let start = time * (Double(random.next(in: 0...800)) / 1000)
                let duration = min(duration(of: group), longest)
                let kind = kind(of: group)
                let picks = (0..<2).map { _ in random.next(in: 0...999_999) }
                faults.append(Fault(start: start, duration: .milliseconds(duration), kind: kind, picks: picks))
            }
        }
        return faults.sorted { $0.start < $1.start }
    }

    private mutating func duration(of group: Group) -> Int {
        switch group {
        case .jump: random.next(in: 100...20_000)
        case .freeze: random.next(in: 20...6000)
        default: random.next(in: 50...4000)
        }
    }

    private mutating func kind(of group: Group) -> Fault.Kind {
        switch group {
        case .loss: .loss(Double(random.next(in: 1...30)) / 100)
        case .duplication: .duplication(Double(random.next(in: 10...50)) / 100)
        case .delay: .delay(.milliseconds(random.next(in: 5...1500)))
        case .partition: .partition(isOneWay: random.chance(0.5))
        case .slowReader: .slowReader
        case .freeze: .freeze
        case .crash: .crash(isNoticed: random.chance(0.6), samePort: random.chance(0.6))
        case .restart: .restart(samePort: random.chance(0.5))
        case .expiry: .expiry
        case .lateRegistry: .lateRegistry(.milliseconds(random.next(in: 20...4000)))
        case .jump: .jump
        }
    }
}
