internal import Lymph
internal import LymphTesting
internal import MessagePack

struct Declared: Error, CustomStringConvertible {
    let description = "declared"
}

struct Undeclared: Error {}

/// A service whose methods record that they run.
actor WorkService: Interface {
    private let process: SimulatedProcess
    private let simulation: Simulation
    private let history: History
    private let limit: Int
    let context: InterfaceContext
    private var kept: [ReplyChannel] = []
    private var running = 0
    private var isStopped = false

    /// - Parameter limit: The maximum number of requests that run at a time.
    init(
        _ process: SimulatedProcess, _ simulation: Simulation, _ history: History, limit: Int,
        _ context: InterfaceContext
    ) {
        self.process = process
        self.simulation = simulation
        self.history = history
        self.limit = limit
        self.context = context
    }

    static let routes = Routes<WorkService> {
        RPC("work", "call") { (work, call: Int) in work.run(call) {} }
        RPC("slow", "call", "milliseconds", idempotent: true) { (work, call: Int, milliseconds: Int) in
            try await work.run(call) { try await work.sleep(milliseconds) }
        }
        RPC("hang", "call", idempotent: true) { (work, call: Int) in await work.hang(call) }
        RPC("block", "call", "milliseconds") { (work, call: Int, milliseconds: Int) in
            work.run(call) { work.process.freeze(for: .milliseconds(milliseconds)) }
        }
        RPC("declared", "call", raises: Declared.self) { (work, call: Int) in
            try work.run(call) { throw Declared() }
        }
        RPC("undeclared", "call") { (work, call: Int) in try work.run(call) { throw Undeclared() } }
        RPC("large", "call", "size") { (work, call: Int, size: Int) in
            work.run(call) {}
            return String(repeating: "x", count: size)
        }
        RPC("relay", "call", "timeout") { (work, call: Int, timeout: Int) in
            await work.run(call) { await work.relay(timeout) }
        }
        RPC("answer_kept", "call") { (work, call: Int) in try await work.run(call) { try await work.answerKept() } }
        RawRPC("ack") { work, channel, message in
            work.run(try message.decode(Call.self).call) {}
            await channel.ack()
        }
        RawRPC("keep") { work, channel, message in
            work.keep(channel, of: try message.decode(Call.self).call)
        }
        RawRPC("twice") { work, channel, message in
            let call = try message.decode(Call.self).call
            try await work.run(call) {
                try await channel.reply(call)
                try await work.sleep(3)
                try await channel.reply(call)
            }
        }
        RawRPC("forget") { work, _, message in work.run(try message.decode(Call.self).call) {} }
    }

    // MARK: What methods do

    /// Records a call around what its method does.
    @discardableResult
    private func run(_ call: Int, _ body: () async throws -> Void) async rethrows -> Int {
        begin(call)
        defer { end(call) }
        try await body()
        history.finish(call, by: process)
        return call
    }

    @discardableResult
    private func run(_ call: Int, _ body: () throws -> Void) rethrows -> Int {
        begin(call)
        defer { end(call) }
        try body()
        history.finish(call, by: process)
        return call
    }

    private func begin(_ call: Int) {
        history.execute(call, by: process)
        running += 1
        if process.isAlive, running > limit {
            simulation.fail("\(running) requests run at \(process.name), \(limit) may")
        }
        checkThatItRuns()
    }

    private func end(_ call: Int) {
        history.leave(call, by: process)
        running -= 1
        checkThatItRuns()
    }

    private func checkThatItRuns() {
        if process.isAlive, isStopped { simulation.fail("a method runs at \(process.name) after stop()") }
    }

    private func sleep(_ milliseconds: Int) async throws {
        try await simulation.sleep(for: .milliseconds(milliseconds))
    }

    /// Waits until somebody cancels the request: its caller, or its deadline.
    private func hang(_ call: Int) async {
        begin(call)
        defer { end(call) }
        try? await sleep(3_600_000)
        history.stop(call, by: process)
    }

    private func relay(_ timeout: Int) async {
        guard process.isAlive else { return }
        let left = min(.milliseconds(timeout), Deadline.current?.remaining ?? .milliseconds(timeout))
        let inner = history.begin("work by \(process.name)", isIdempotent: false, timeout: left)
        let proxy = context.client.proxy("work", timeout: .milliseconds(timeout))
        await history.follow(inner) { try await proxy.call("work", call: inner) }
    }

    private func keep(_ channel: ReplyChannel, of call: Int) {
        begin(call)
        kept.append(channel)
        end(call)
    }

    private func answerKept() async throws {
        let channels = kept
        kept = []
        for channel in channels { try await channel.reply(0) }
    }

    func stop() async {
        for channel in kept { await channel.nack(unlessReplySent: true) }
        kept = []
        isStopped = true
    }
}

private struct Call: Decodable { let call: Int }
