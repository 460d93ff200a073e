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
        case partition(String, String, isOneWay: Bool)
        /// A process doesn't read what comes in.
        case slowReader(String)
        /// Nothing of a process runs.
        case freeze(String)
        /// A process ends without a word, and is started again.
        case crash(String, isNoticed: Bool, samePort: Bool)
        /// A service is stopped and started again.
        case restart(String, samePort: Bool)
        /// The registry loses the session of a process.
        case expiry(String)
        /// The registry answers late.
        case lateRegistry(Duration)
        /// The time jumps.
        case jump
    }

    /// When it begins, counted from the beginning of all faults.
    let start: Duration
    let duration: Duration
    let kind: Kind
}

extension Fault: CustomStringConvertible {
    /// When, how long and what, for people.
    public var description: String { "at \(start) for \(duration): \(kind)" }
}

extension Fault.Kind: CustomStringConvertible {
    var description: String {
        switch self {
        case .loss(let share): "\(Int(share * 100)) % of messages are lost"
        case .duplication(let share): "\(Int(share * 100)) % of answers arrive twice"
        case .delay(let time): "messages take up to \(time)"
        case .partition(let a, let b, let isOneWay): "nothing gets from \(a) to \(b)\(isOneWay ? "" : " and back")"
        case .slowReader(let name): "\(name) doesn't read"
        case .freeze(let name): "\(name) stands still"
        case .crash(let name, let isNoticed, let samePort):
            "\(name) crashes\(isNoticed ? "" : " unnoticed"), starts again \(samePort ? "at its port" : "elsewhere")"
        case .restart(let name, let samePort): "\(name) restarts \(samePort ? "at its port" : "elsewhere")"
        case .expiry(let name): "\(name) loses its registry session"
        case .lateRegistry(let time): "the registry answers within \(time)"
        case .jump: "the time jumps"
        }
    }
}
