internal import Dispatch
internal import Glibc
internal import LymphService
internal import UnixSignals

/// Keeps a group of processes running on one machine. ``Supervisor`` decides; this carries out its decisions.
struct ProcessNode {
    struct Program: Sendable {
        let id: ProcessID
        let words: [String]
        let environment: [String: String]
    }

    private enum Event: Sendable {
        case signal(Int32)
        case ended(ProcessID)
        case outputLost
        case guardEnded
        case childEnded
        case tick
    }

    private let programs: [ProcessID: Program]
    private let sockets: [SharedSocket]
    private let output: NodeOutput
    private var terminal = ControllingTerminal()
    private var supervisor: Supervisor
    private var pids: [ProcessID: pid_t] = [:]
    private let events: AsyncStream<Event>
    private let post: AsyncStream<Event>.Continuation
    private let pumps = DispatchGroup()

    init(_ programs: [Program], sockets: [SharedSocket], grace: Duration, backoff: Backoff, output: NodeOutput) {
        self.programs = Dictionary(uniqueKeysWithValues: programs.map { ($0.id, $0) })
        self.sockets = sockets
        self.output = output
        supervisor = Supervisor(programs.map(\.id), grace: grace, backoff: backoff, now: .now)
        (events, post) = AsyncStream.makeStream()
    }

    /// Keeps the processes running until a signal ends the node; returns when none is left.
    ///
    /// - Parameter early: The watch that has handled the signals so far.
    /// - Throws: ``SpawnError`` if not even the guard can be started.
    mutating func run(
        environment: [String: String], insteadOf early: SignalWatch?
    ) async throws -> Supervisor.Outcome {
        // The reader of our output may go away; that is handled as a write error.
        signal(SIGPIPE, SIG_IGN)
        let post = post
        let signals = await UnixSignalsSequence(
            trapping: .sigterm, .sigint, .sigquit, .sighup, .sigusr1, .sigusr2)
        if let early {
            terminal = early.terminal
            await early.cancel()
        }
        let guarding = try Guard(environment: environment) { post.yield(.guardEnded) }
        let orphans = Orphans { post.yield(.childEnded) }
        defer { orphans.cancel() }
        var node = self
        let outcome = await withTaskGroup(of: Void.self) { [output] group in
            group.addTask { for await signal in signals { post.yield(.signal(signal.rawValue)) } }
            group.addTask {
                for await _ in output.losses {
                    post.yield(.outputLost)
                    break
                }
            }
            defer { group.cancelAll() }
            return await node.loop(guarding, in: &group)
        }
        guarding.end()
        // Reads the rest of the output from the pipes.
        _ = pumps.wait(timeout: .now() + .seconds(1))
        return outcome
    }

    private mutating func loop(_ guarding: Guard, in group: inout TaskGroup<Void>) async -> Supervisor.Outcome {
        var actions = supervisor.tick(.now)
        var alarm: ContinuousClock.Instant?
        var iterator = events.makeAsyncIterator()
        while true {
            if let outcome = carryOut(actions, guarding) { return outcome }
            if let deadline = supervisor.nextDeadline, deadline != alarm {
                alarm = deadline
                group.addTask { [post] in
                    try? await Task.sleep(until: deadline)
                    post.yield(.tick)
                }
            }
            guard let event = await iterator.next() else { return .failed }
            actions = react(to: event, guarding)
        }
    }

    private mutating func react(to event: Event, _ guarding: Guard) -> [Supervisor.Action] {
        switch event {
        case .tick:
            return supervisor.tick(.now)
        case .signal(SIGHUP) where terminal.isGone, .outputLost where terminal.isGone:
            // The kernel detaches the output before it sends the signal.
            output.say("the terminal was closed: stopping")
            return supervisor.signalled(SIGTERM, now: .now)
        case .signal(let number):
            output.say("received \(signalName(number))")
            return supervisor.signalled(number, now: .now)
        case .outputLost:
            output.say("nobody reads the output any more: stopping")
            return supervisor.fail(now: .now)
        case .guardEnded:
            output.say("the guard of the process group was ended: stopping")
            return supervisor.fail(now: .now)
        case .ended(let id):
            guard let pid = pids.removeValue(forKey: id) else { return [] }
            let end = reap(pid)
            reapOrphans(guarding)
            return supervisor.exited(id, end, now: .now, random: .random(in: 0...1))
        case .childEnded:
            reapOrphans(guarding)
            return []
        }
    }

    private func reapOrphans(_ guarding: Guard) {
        Orphans.reap { pid in pid == guarding.group || pids.values.contains(pid) }
    }

    /// - Returns: How the node ends, if it does.
    private mutating func carryOut(_ actions: [Supervisor.Action], _ guarding: Guard) -> Supervisor.Outcome? {
        var actions = actions[...]
        while let action = actions.popFirst() {
            switch action {
            case .start(let id): actions += start(id, in: guarding.group)
            case .send(let number, let id): if let pid = pids[id] { kill(pid, number) }
            case .tell(let id, let text): output.say(text, about: id)
            case .finish(let outcome): return outcome
            }
        }
        return nil
    }

    private mutating func start(_ id: ProcessID, in group: pid_t) -> [Supervisor.Action] {
        guard let program = programs[id] else { return [] }
        do throws(SpawnError) {
            let out = try makePipe()
            let errors: (read: Int32, write: Int32)
            do throws(SpawnError) { errors = try makePipe() } catch {
                close(out.read)
                close(out.write)
                throw error
            }
            defer {
                close(out.write)
                close(errors.write)
            }
            let pid: pid_t
            do throws(SpawnError) {
                pid = try Spawn(
                    words: program.words, environment: program.environment, group: group,
                    outputs: (out.write, errors.write), inherited: sockets.map(\.descriptor))()
            } catch {
                close(out.read)
                close(errors.read)
                throw error
            }
            pids[id] = pid
            output.say("started, process \(pid)", about: id)
            watch(id, pid, [(out.read, .output), (errors.read, .errors)])
            return supervisor.started(id, now: .now)
        } catch {
            return supervisor.couldNotStart(id, because: "\(error)", now: .now, random: .random(in: 0...1))
        }
    }

    /// Starts two threads for each process: one forwards its output, one waits for its end.
    private func watch(_ id: ProcessID, _ pid: pid_t, _ descriptors: [(Int32, NodeOutput.Stream)]) {
        let post = post
        let pump = OutputPump(id: id, output: output, descriptors: descriptors)
        let own = DispatchGroup()
        own.enter()
        pumps.enter()
        DispatchQueue(label: "lymph-node-output").async { [pumps] in
            pump.run()
            own.leave()
            pumps.leave()
        }
        DispatchQueue(label: "lymph-node-wait").async {
            waitForEnd(of: pid)
            // Its last lines come before the report of its end; but don't wait long, because a grandchild may hold
            // the pipe open for ever.
            _ = own.wait(timeout: .now() + .milliseconds(200))
            post.yield(.ended(id))
        }
    }
}
