/// Something that goes wrong in a simulation, at a time and for a while.
public struct Fault: Sendable {
    enum Kind: Sendable {
        /// This share of messages is lost.
        case loss(Double)
        /// This share of answers arrives twice.
        case duplication(Double)
        /// Messages take up to this time.
        case delay(Duration)
        /// Nothing gets from one process to another, or between them.
        case partition(isOneWay: Bool)
        /// A process doesn't read what comes in.
        case slowReader
        /// Nothing of a process runs.
        case freeze
        /// A node's process ends without a word, and another one is started.
        case crash(isNoticed: Bool, samePort: Bool)
        /// A node's process is stopped, and another one is started.
        case restart(samePort: Bool)
        /// The registry loses the session of a node.
        case expiry
        /// The registry answers late.
        case lateRegistry(Duration)
        /// The time jumps.
        case jump
    }

    /// When it begins, counted from the beginning of all faults.
    let start: Duration
    let duration: Duration
    let kind: Kind
    /// Random numbers that decide whom it concerns among those who are there then.
    let picks: [Int]
    /// Whom it has concerned.
    var victims: [String] = []
}

extension Fault: CustomStringConvertible {
    /// When, how long and what, for people.
    public var description: String { "at \(start) for \(duration): \(text)" }

    var text: String {
        let first = victims.first ?? "nobody"
        return switch kind {
        case .loss(let share): "\(Int(share * 100)) % of messages are lost"
        case .duplication(let share): "\(Int(share * 100)) % of answers arrive twice"
        case .delay(let time): "messages take up to \(time)"
        case .partition(let isOneWay):
            "nothing gets from \(first) to \(victims.last ?? "nobody")\(isOneWay ? "" : " and back")"
        case .slowReader: "\(first) doesn't read"
        case .freeze: "\(first) stands still"
        case .crash(let isNoticed, let samePort):
            "\(first) crashes\(isNoticed ? "" : " unnoticed"), starts again \(samePort ? "at its port" : "elsewhere")"
        case .restart(let samePort): "\(first) restarts \(samePort ? "at its port" : "elsewhere")"
        case .expiry: "\(first) loses its registry session"
        case .lateRegistry(let time): "the registry answers within \(time)"
        case .jump: "the time jumps"
        }
    }
}

extension Fault.Kind {
    /// The name of the kind, as a situation.
    var name: String {
        switch self {
        case .loss: "loss"
        case .duplication: "duplication"
        case .delay: "delay"
        case .partition(let isOneWay): isOneWay ? "partition one way" : "partition"
        case .slowReader: "slow reader"
        case .freeze: "freeze"
        case .crash(let isNoticed, _): isNoticed ? "crash" : "crash unnoticed"
        case .restart(let samePort): samePort ? "restart at its port" : "restart elsewhere"
        case .expiry: "expiry"
        case .lateRegistry: "late registry"
        case .jump: "jump"
        }
    }

    /// How many processes it concerns; those that can be started again are nodes.
    var victims: (count: Int, areNodes: Bool) {
        switch self {
        case .partition: (2, false)
        case .slowReader, .freeze: (1, false)
        case .crash, .restart, .expiry: (1, true)
        case .loss, .duplication, .delay, .lateRegistry, .jump: (0, false)
        }
    }
}
