internal import Lymph
internal import ZeroMQ

/// Which faults a simulation has.
public struct FaultPlan: Sendable {
    enum Choice: Sendable { case none, swarm, lossless(restarts: Bool) }

    let choice: Choice

    /// Nothing goes wrong.
    public static let none = FaultPlan(choice: .none)

    /// Each seed switches on some kinds of faults, at times of its own. A kind that is always on would hide what only
    /// goes wrong without it.
    public static let swarm = FaultPlan(choice: .swarm)

    /// Processes read slowly, for half a second at most; the registry is late, and loses sessions. Every message arrives
    /// in the end, unless its receiver was stopped.
    ///
    /// - Parameter restarts: Whether processes are also stopped and started again.
    public static func lossless(restarts: Bool) -> FaultPlan { FaultPlan(choice: .lossless(restarts: restarts)) }

    /// Makes the faults for a seed.
    func faults(seed: UInt64, services: [String], clients: [String], within time: Duration) -> [Fault] {
        switch choice {
        case .none: []
        case .swarm:
            Swarm(random: SplitMix64(seed: seed), services: services, clients: clients, time: time)
                .draw(Swarm.Group.allCases)
        case .lossless(let restarts):
            Swarm(random: SplitMix64(seed: seed), services: services, clients: clients, time: time)
                .draw([.slowReader, .expiry, .lateRegistry] + (restarts ? [.restart, .restart] : []), longest: 500)
        }
    }
}

/// Draws faults.
private struct Swarm {
    var random: SplitMix64
    let services: [String]
    let clients: [String]
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
                faults.append(Fault(start: start, duration: .milliseconds(duration), kind: kind(of: group)))
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
        case .partition: .partition(anyone(), anyone(), isOneWay: random.chance(0.5))
        case .slowReader: .slowReader(anyone())
        case .freeze: .freeze(anyone())
        case .crash: .crash(service(), isNoticed: random.chance(0.6), samePort: random.chance(0.6))
        case .restart: .restart(service(), samePort: random.chance(0.5))
        case .expiry: .expiry(service())
        case .lateRegistry: .lateRegistry(.milliseconds(random.next(in: 20...4000)))
        case .jump: .jump
        }
    }

    private mutating func service() -> String { services[random.next(in: 0...services.count - 1)] }

    private mutating func anyone() -> String {
        let all = services + clients
        return all[random.next(in: 0...all.count - 1)]
    }
}
