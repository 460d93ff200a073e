/// One of the processes that a node keeps running.
struct ProcessID: Sendable, Hashable, CustomStringConvertible {
    /// The name of its entry in the configuration.
    let instance: String

    /// The process's number within the entry, from 1.
    let number: Int

    init(_ instance: String, _ number: Int) {
        self.instance = instance
        self.number = number
    }

    /// The prefix of its lines: `echo.1`.
    var description: String { "\(instance).\(number)" }
}

/// How a process ended.
enum ProcessEnd: Sendable, Hashable, CustomStringConvertible {
    /// The process exited with this status.
    case exited(Int32)
    /// A signal ended it.
    case signalled(Int32)

    var description: String {
        switch self {
        case .exited(let status): "exited with status \(status)"
        case .signalled(let number): "was ended by \(signalName(number))"
        }
    }
}
