internal import ArgumentParser
internal import Lymph
internal import LymphFleet
internal import LymphService
internal import MessagePack

/// `lymph request`
struct RequestCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Calls a method and shows its result.",
        discussion: RequestHelp.text)

    @Argument(
        help: ArgumentHelp(
            "interface.method or interface.method@version: with --address exactly that version, otherwise also a later "
                + "one with the same major version.", valueName: "subject"), completion: ShellCompletion.subject)
    var subject: String

    @Argument(
        help: ArgumentHelp(
            "The arguments: a JSON object of names and values, or name=value for each. With `-` or nothing, an object is "
                + "read from standard input. What comes later counts more.", valueName: "json | name=value"),
        completion: ShellCompletion.argument)
    var arguments: [String] = []

    @Option(help: "The service to call: tcp://host:port, or a name other than that of the interface.")
    var address: String?

    @Option(help: ArgumentHelp("How long a call may take in total.", valueName: "seconds"))
    var timeout = Seconds(2)

    @Option(help: ArgumentHelp("The trace that the call belongs to. By default a new one.", valueName: "id"))
    var traceID: String?

    @Option(
        name: [.customShort("H"), .customLong("header")],
        help: ArgumentHelp("Add a header to the request. May be repeated.", valueName: "name=value"))
    var headers: [HeaderArgument] = []

    @Flag(help: "Write one JSON document.")
    var json = false

    @Flag(help: "Write it in lymph's own format, which tells a date from a string: {\"__type__\": NAME, \"_\": VALUE}.")
    var tagged = false

    @Flag(help: "Send the arguments as they are, without asking the service for their types first.")
    var noCheck = false

    @Flag(name: [.customShort("D"), .long], help: "Show the headers of the answer.")
    var dumpHeaders = false

    @Option(
        name: .customShort("N"),
        help: ArgumentHelp("Send the request this many times and print a summary.", valueName: "number"))
    var count = 1

    @Option(name: .customShort("C"), help: ArgumentHelp("Send this many requests at a time.", valueName: "number"))
    var concurrency = 1

    @OptionGroup var fleet: FleetOptions

    var outputOptions: OutputOptions { fleet.output }

    func validate() throws {
        guard (1...100_000_000).contains(count) else {
            throw ValidationError("-N must be a number from 1 to 100000000")
        }
        guard (1...10_000).contains(concurrency) else {
            throw ValidationError("-C must be a number from 1 to 10000")
        }
        guard !dumpHeaders || count == 1 else {
            throw ValidationError("--dump-headers shows one answer: it can't be used with -N")
        }
        guard !tagged || json else { throw ValidationError("--tagged is about JSON: use it with --json") }
    }

    func execute(_ console: Console) async throws {
        let request = try ClientRequest(
            subject: try RequestSubject(subject), address: address, arguments: try given(console),
            timeout: timeout.duration, traceID: traceID,
            headers: Dictionary(headers.map { ($0.name, .string($0.value)) }) { _, last in last })
        if count == 1 {
            let (reply, isInterrupted) = try await withClient(for: request) { client in
                try await first(checked(request, by: client, console), by: client)
            }
            if isInterrupted { throw Failure.quietly(.interrupted) }
            try show(reply.get(), console)
        } else {
            try await load(request, console)
        }
    }

    /// Runs `body` with a client. When the process is asked to end, its calls are cancelled, and with them what the
    /// service does for them.
    private func withClient<R: Sendable>(
        for request: ClientRequest, _ body: @escaping @Sendable (Client) async throws -> R
    ) async throws -> (result: Result<R, any Error>, isInterrupted: Bool) {
        try await fleet.fleet().withClient(for: request.target) { client in
            try await Interruption.cancelling { await Result(catching: { try await body(client) }) }
        }
    }

    /// The request with its arguments as the service wants them.
    private func checked(_ request: ClientRequest, by client: Client, _ console: Console) async throws -> ClientRequest
    {
        guard !noCheck else { return request }
        var request = request
        do {
            for note in try await request.readTypes(from: client) { console.note("lymph: \(note)") }
        } catch {
            throw Failure(error, about: request.subject.method)
        }
        return request
    }

    private func given(_ console: Console) throws -> GivenArguments {
        try RequestArguments.read(arguments) { () throws(Failure) in
            if StandardInput.isTerminal {
                console.note(
                    "lymph: type the arguments, a JSON object such as {\"text\": \"foo\"}, and end with Ctrl-D")
            }
            return try StandardInput.read()
        }
    }

    private func show(_ reply: Message, _ console: Console) throws {
        let body: Value
        do { body = try reply.body } catch { throw Failure(.invalidReply, "the answer can't be read: \(error)") }
        let headers = reply.headers.fields.sorted { $0.key < $1.key }
        if json {
            let body = JSON(body, isTagged: tagged)
            guard dumpHeaders else { return try console.print(body) }
            let headers = JSON.object(headers.map { .init(name: $0.key, value: JSON($0.value, isTagged: tagged)) })
            return try console.print(["headers": headers, "body": body])
        }
        if dumpHeaders {
            for (name, value) in headers {
                try console.print("\(name + ":", .bold) \(ValueText.inline(value))")
            }
            try console.print(Line())
        }
        try console.print(ValueText(width: console.output.width).lines(of: body))
    }

    /// Sends a request and reports its failure individually.
    private func first(_ request: ClientRequest, by client: Client) async throws -> Message {
        do { return try await request.sendExplained(by: client) } catch {
            throw Failure(error, about: request.subject.method)
        }
    }

    private func load(_ request: ClientRequest, _ console: Console) async throws {
        let (report, isInterrupted) = try await withClient(for: request) { client in
            let request = try await checked(request, by: client, console)
            // This finds the service and connects, and reports a general failure at once.
            _ = try await first(request, by: client)
            let bar = ProgressBar(total: count)
            let run = LoadRun(count: count, concurrency: concurrency, of: request.subject.method) {
                _ = try await request.send(by: client)
            } progress: { done, elapsed in
                console.show(progress: bar.text(done: done, elapsed: elapsed, width: console.errors.width))
            }
            let (result, elapsed) = await run()
            console.endProgress()
            let report = LoadReport(result: result, concurrency: concurrency, elapsed: elapsed)
            if json {
                try await console.deliver(report.json)
            } else {
                try await console.deliver(report.lines(width: console.output.lineWidth))
            }
            return report
        }
        if isInterrupted { throw Failure.quietly(.interrupted) }
        if let failure = try report.get().result.failure { throw Failure.quietly(ExitStatus(failure)) }
    }
}
