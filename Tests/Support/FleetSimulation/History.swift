internal import Lymph
internal import LymphTesting
internal import ZeroMQ

/// What callers and services have seen of each call, and the laws that hold for it.
final class History: @unchecked Sendable {  // Used only in turns of the simulation.
    struct Call {
        let description: String
        /// Whether it may be executed more than once.
        let isIdempotent: Bool
        let begin: Duration
        let timeout: Duration
        var executions = 0
        /// When its method last returned in a process that lives or was stopped gracefully.
        var finished: Duration?
        /// When its method was last left in a process that lives, in whatever way.
        var left: Duration?
        /// When its task was cancelled.
        var cancelled: Duration?
        /// When its method has noticed that nobody waits for it.
        var stopped: Duration?
        var ends = 0
        var end: Duration?
        var outcome: Outcome?
    }

    /// How a call ended.
    enum Outcome {
        /// With a reply, an ACK or a declared error.
        case answered
        case error(LymphError.Code, LymphError.Execution)
        case cancelled
    }

    private let simulation: Simulation
    let loss: Loss
    private var calls: [Call] = []

    init(_ simulation: Simulation, _ loss: Loss) {
        self.simulation = simulation
        self.loss = loss
    }

    /// A call begins.
    ///
    /// - Returns: Its number.
    func begin(_ description: String, isIdempotent: Bool, timeout: Duration) -> Int {
        let number = calls.count
        calls.append(
            Call(
                description: "call \(number), \(description)", isIdempotent: isIdempotent, begin: simulation.time,
                timeout: timeout))
        simulation.note("\(calls[number].description) begins, timeout \(timeout)")
        return number
    }

    /// A service executes it.
    func execute(_ number: Int, by process: SimulatedProcess) {
        // What a process does after its crash is seen by nobody.
        guard process.isAlive else { return }
        calls[number].executions += 1
        simulation.note("call \(number) runs at \(process.name)")
        if calls[number].executions > 1 { simulation.sometimes("an idempotent call runs twice") }
        if calls[number].ends > 0 { simulation.sometimes("a call runs after its end") }
    }

    /// The method of a call has returned, and so has an answer.
    func finish(_ number: Int, by process: SimulatedProcess) {
        if process.isAlive { calls[number].finished = simulation.time }
    }

    /// The method of a call has returned or thrown.
    func leave(_ number: Int, by process: SimulatedProcess) {
        if process.isAlive { calls[number].left = simulation.time }
    }

    /// The method of a call has noticed that nobody waits for it.
    func stop(_ number: Int, by process: SimulatedProcess) {
        guard process.isAlive else { return }
        calls[number].stopped = simulation.time
        simulation.note("call \(number) stops running at \(process.name)")
        if simulation.time < calls[number].begin + calls[number].timeout {
            simulation.sometimes("a method is cancelled before its deadline")
        } else {
            simulation.sometimes("a method is cancelled by its deadline")
        }
    }

    /// The task of a call is cancelled.
    func cancel(_ number: Int) { if calls[number].ends == 0 { calls[number].cancelled = simulation.time } }

    func end(_ number: Int, _ outcome: Outcome) {
        calls[number].ends += 1
        calls[number].end = simulation.time
        calls[number].outcome = outcome
        simulation.note("call \(number) ends: \(outcome)")
        simulation.sometimes("outcome \(outcome)")
    }

    // MARK: Laws

    /// Holds every call against the laws.
    func check() {
        for call in calls {
            for violation in violations(of: call) { simulation.fail("\(call.description): \(violation)") }
        }
    }

    private func violations(of call: Call) -> [String] {
        var found: [String] = []
        if call.ends != 1 { found.append("has ended \(call.ends) times") }
        if !call.isIdempotent, call.executions > 1 { found.append("was executed \(call.executions) times") }
        // Nodes that stood still, and jumps of the time, make an end late, and nothing else does.
        if let end = call.end, end > call.begin + call.timeout + simulation.lateness {
            found.append("has ended \(end - call.begin - call.timeout) after its deadline")
        }
        if let end = call.end, let cancelled = call.cancelled, end > cancelled + simulation.lateness {
            found.append("has ended \(end - cancelled) after it was cancelled")
        }
        if case .error(let code, _) = call.outcome, [.timeout, .connectionLost].contains(code) {
            if loss != .anything, let finished = call.finished,
                finished + .milliseconds(1100) < call.begin + call.timeout
            {
                found.append("was executed, but its answer got lost")
            }
            if loss == .nothing, call.executions == 0, call.timeout > .milliseconds(1500) {
                found.append("was never executed, though nothing got lost")
            }
        }
        if loss == .nothing, let cancelled = call.cancelled, let stopped = call.stopped,
            stopped > cancelled + simulation.lateness + .seconds(1)
        {
            found.append("ran on for \(stopped - cancelled) after it was cancelled, though nothing got lost")
        }
        switch call.outcome {
        case .answered, .cancelled:
            // A second node that was asked, too, is told.
            if loss == .nothing, let end = call.end, let left = call.left,
                left > end + simulation.lateness + .seconds(1)
            {
                found.append("ran on for \(left - end) after it had ended, though nothing got lost")
            }
        case .error, nil: break
        }
        switch call.outcome {
        case .answered:
            if call.executions == 0 { found.append("was answered without having been executed") }
        case .error(let code, .none):
            if call.executions > 0 { found.append("was executed, but its error \(code) says that it wasn't") }
        case .error(let code, .executed):
            if call.executions == 0 { found.append("was not executed, but its error \(code) says that it was") }
        case .error, .cancelled, nil: break
        }
        return found
    }
}
