/// One of the processes that a node keeps running.
struct ProcessID: Sendable, Hashable, CustomStringConvertible {
    /// The name of its instance in the configuration.
    let instance: String

    /// Which of the instance's processes it is, from 1.
    let number: Int

    init(_ instance: String, _ number: Int) {
        self.instance = instance
        self.number = number
    }

    /// What stands before its lines: `echo.1`.
    var description: String { "\(instance).\(number)" }
}

/// How a process ended.
enum ProcessEnd: Sendable, Hashable, CustomStringConvertible {
    /// It ended by itself, with this status.
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
