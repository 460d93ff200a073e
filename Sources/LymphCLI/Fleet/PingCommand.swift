internal import ArgumentParser
internal import Lymph
internal import LymphFleet
internal import LymphService

/// `lymph ping`
struct PingCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "ping",
        abstract: "Checks repeatedly whether a service is alive.",
        discussion: """
            Calls lymph.ping until it is interrupted (Ctrl-C) or has made --count calls, then prints a summary. Each \
            time is measured from sending the call to receiving its answer; the first one includes finding the service \
            and connecting to it.

            The exit code is 0 if any call was answered. Otherwise it says how the last call failed.

            Examples:
              lymph ping echo
              lymph ping tcp://127.0.0.1:4100 --count 5 --interval 0.2
            """)

    @Argument(
        help: "The name or address of the service: echo, echo@1.2, tcp://127.0.0.1:4100.",
        completion: ShellCompletion.service)
    var address: String

    @Option(help: ArgumentHelp("Stop after this many calls.", valueName: "number"))
    var count: Int?

    @Option(help: ArgumentHelp("The time from one call to the next.", valueName: "seconds"))
    var interval = Seconds(1)

    @Option(help: ArgumentHelp("How long a call may take in total.", valueName: "seconds"))
    var timeout = Seconds(2)

    @Flag(help: "Write one JSON document at the end.")
    var json = false

    @OptionGroup var fleet: FleetOptions

    var outputOptions: OutputOptions { fleet.output }

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count must be at least 1") }
    }

    func execute(_ console: Console) async throws {
        let statistics = try await Interruption.cancelling {
            let statistics = try await fleet.fleet().withClient(for: address) { try await ping(by: $0, console) }
            if json {
                try await console.deliver(statistics.json(of: address))
            } else {
                try await console.deliver(statistics.lines(of: address))
            }
            return statistics
        }.result
        if statistics.status != .success { throw Failure.quietly(statistics.status) }
    }

    /// Pings until the count is reached or the task is cancelled.
    private func ping(by client: Client, _ console: Console) async throws -> PingStatistics {
        var statistics = PingStatistics()
        var next = ContinuousClock.now
        while !Task.isCancelled, statistics.sent < count ?? .max {
            do {
                let ping = try await Ping.send(to: address, by: client, within: timeout.duration)
                statistics.succeed(after: ping.time)
                let source = ping.source?.description ?? address
                let time = ping.time.inMilliseconds.fixed(3)
                try say("answer from \(source): seq=\(statistics.sent) time=\(time) ms", console)
            } catch is CancellationError {
                break
            } catch {
                let failure = Failure(error)
                // A failure that repeating can't fix is reported once, and ends the command.
                guard [.timeout, .notConnected, .refused, .unknownOutcome].contains(failure.status) else {
                    throw failure
                }
                statistics.fail(failure)
                try say("seq=\(statistics.sent): \(failure.message ?? "")", console)
            }
            next = max(next + interval.duration, .now)
            if statistics.sent < count ?? .max { try? await Task.sleep(until: next) }
        }
        return statistics
    }

    private func say(_ line: Line, _ console: Console) throws {
        if !json { try console.show([line]) }
    }
}
