internal import Glibc
internal import LymphService

/// Decides what happens to the processes of a node. It has no side effects: it is told what happened, and returns
/// what to do.
struct Supervisor: Sendable {
    /// What the node has to do.
    enum Action: Sendable, Hashable {
        /// Start the process, and report the result with `started` or `couldNotStart`.
        case start(ProcessID)
        /// Send a signal to a running process.
        case send(Int32, to: ProcessID)
        /// Report something about a process to the user.
        case tell(ProcessID, String)
        /// No process is left, and none will be started.
        case finish(Outcome)
    }

    /// How the node ends.
    enum Outcome: Sendable, Hashable {
        /// Every process ended within the grace period.
        case drained
        /// Some had to be killed after the grace period.
        case killed
        /// A second signal, this one, ended it at once.
        case forced(Int32)
        /// A process could not be started at the beginning, or the node itself could not go on.
        case failed
    }

    private enum State: Sendable, Hashable {
        /// To be started at this time. Next: `starting`, `ended`.
        case waiting(ContinuousClock.Instant)
        /// The node was told to start it. Next: `running`, `waiting`, `ended`.
        case starting
        /// Next: `waiting`, `ended`.
        case running(since: ContinuousClock.Instant)
        /// Ended, and not restarted.
        case ended
    }

    private struct Process: Sendable {
        let id: ProcessID
        var state: State
        var failures = 0
        var hasRun = false
    }

    private enum Phase: Sendable, Hashable {
        case keeping
        /// Every process was told to end; those that are left at this time are killed.
        case draining(until: ContinuousClock.Instant)
        /// Every process was killed.
        case killing
    }

    private var processes: [Process]
    private var phase = Phase.keeping
    private var outcome = Outcome.drained
    private var isFinished = false
    private var stopSignals = StopSignals()
    private let backoff: Backoff
    private let grace: Duration

    /// - Parameters:
    ///   - ids: The processes to keep running.
    ///   - grace: How long they may take to end.
    init(
        _ ids: [ProcessID], grace: Duration, backoff: Backoff = Backoff(), now: ContinuousClock.Instant
    ) {
        processes = ids.map { Process(id: $0, state: .waiting(now)) }
        self.grace = grace
        self.backoff = backoff
    }

    /// When ``tick(_:)`` must be called next.
    var nextDeadline: ContinuousClock.Instant? {
        if case .draining(let end) = phase { return end }
        let starts = processes.compactMap { process -> ContinuousClock.Instant? in
            if case .waiting(let time) = process.state { time } else { nil }
        }
        return starts.min()
    }

    // MARK: Events

    /// Time has passed.
    mutating func tick(_ now: ContinuousClock.Instant) -> [Action] {
        if case .draining(let end) = phase, end <= now {
            if outcome == .drained { outcome = .killed }
            return kill()
        }
        var actions: [Action] = []
        for index in processes.indices {
            guard case .waiting(let time) = processes[index].state, time <= now else { continue }
            processes[index].state = .starting
            actions.append(.start(processes[index].id))
        }
        return actions
    }

    /// A process was started.
    mutating func started(_ id: ProcessID, now: ContinuousClock.Instant) -> [Action] {
        guard let index = index(of: id) else { return [] }
        processes[index].state = .running(since: now)
        processes[index].hasRun = true
        switch phase {
        case .keeping: return []
        case .draining: return [.send(SIGTERM, to: id)]
        case .killing: return [.send(SIGKILL, to: id)]
        }
    }

    /// A process could not be started. At the beginning this ends the node, because the command is most likely wrong.
    /// Later the start is retried: the program may just be being replaced.
    mutating func couldNotStart(
        _ id: ProcessID, because reason: String, now: ContinuousClock.Instant, random: Double
    ) -> [Action] {
        guard let index = index(of: id) else { return [] }
        let news = "can't be started: \(reason)"
        if processes[index].hasRun || phase != .keeping { return retire(index, news, now: now, random: random) }
        processes[index].state = .ended
        outcome = .failed
        return [.tell(id, news)] + drain(now)
    }

    /// A process ended.
    mutating func exited(
        _ id: ProcessID, _ end: ProcessEnd, now: ContinuousClock.Instant, random: Double
    ) -> [Action] {
        guard let index = index(of: id) else { return [] }
        if case .running(let start) = processes[index].state, now - start >= backoff.healthyAfter {
            processes[index].failures = 0
        }
        return retire(index, end.description, now: now, random: random)
    }

    /// The node received a signal. The first signal to stop starts the drain, and a later one kills; all others are
    /// forwarded.
    mutating func signalled(_ number: Int32, now: ContinuousClock.Instant) -> [Action] {
        guard number == SIGTERM || number == SIGINT || number == SIGQUIT else {
            return running.map { .send(number, to: $0) }
        }
        switch stopSignals.receive(now: now) {
        case .stop: return phase == .keeping ? drain(now) : []
        case .repetition: return []
        case .force:
            outcome = .forced(number)
            return kill()
        }
    }

    /// The node can't go on. No effect if it is already ending.
    mutating func fail(now: ContinuousClock.Instant) -> [Action] {
        guard phase == .keeping else { return [] }
        outcome = .failed
        return drain(now)
    }

    // MARK: Decisions

    private var running: [ProcessID] {
        processes.compactMap { if case .running = $0.state { $0.id } else { nil } }
    }

    private func index(of id: ProcessID) -> Int? { processes.firstIndex { $0.id == id } }

    /// Schedules the restart of a process that ended, unless the node is ending.
    private mutating func retire(
        _ index: Int, _ news: String, now: ContinuousClock.Instant, random: Double
    ) -> [Action] {
        let id = processes[index].id
        guard phase == .keeping else {
            processes[index].state = .ended
            return [.tell(id, news)] + finishIfDone()
        }
        processes[index].failures += 1
        let delay = backoff.delay(afterFailure: processes[index].failures, random: random)
        processes[index].state = .waiting(now + delay)
        return [.tell(id, "\(news); starts again in \(seconds(delay))")]
    }

    private mutating func drain(_ now: ContinuousClock.Instant) -> [Action] {
        phase = .draining(until: now + grace)
        return end(with: SIGTERM)
    }

    private mutating func kill() -> [Action] {
        phase = .killing
        return end(with: SIGKILL)
    }

    private mutating func end(with number: Int32) -> [Action] {
        for index in processes.indices {
            if case .waiting = processes[index].state { processes[index].state = .ended }
        }
        return running.map { .send(number, to: $0) } + finishIfDone()
    }

    private mutating func finishIfDone() -> [Action] {
        guard !isFinished, processes.allSatisfy({ $0.state == .ended }) else { return [] }
        isFinished = true
        return [.finish(outcome)]
    }
}

/// A duration as text, to a tenth of a second.
private func seconds(_ duration: Duration) -> String {
    let tenths = Int((duration / .milliseconds(100)).rounded())
    return "\(tenths / 10).\(tenths % 10) s"
}
