internal import ArgumentParser
internal import Lymph
internal import LymphFleet

/// `lymph change-loglevel`: another log level for a while.
struct ChangeLogLevelCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "change-loglevel",
        abstract: "Changes the log level of a service temporarily.",
        discussion: """
            Tells every instance of the service, Swift or Python, to log at another level. After the period, each \
            returns to its own level.

            Examples:
              lymph change-loglevel echo --level debug
              lymph change-loglevel echo --name lymph.core --level debug --period 600
            """)

    @Argument(help: "The name of a service, or the address of one process.", completion: ShellCompletion.service)
    var address: String

    @Option(
        name: [.customShort("n"), .customLong("name"), .customLong("logger")],
        help: ArgumentHelp(
            "The logger, and those whose names begin with it and a dot. All by default.", valueName: "name"))
    var logger = ""

    @Option(name: .shortAndLong, help: "The level: debug, info, warning, error, critical.")
    var level: PythonLevel

    @Option(name: .shortAndLong, help: ArgumentHelp("How long the change lasts.", valueName: "seconds"))
    var period = Seconds(60)

    @Option(help: ArgumentHelp("How long the registry and each answer may take.", valueName: "seconds"))
    var timeout = Seconds(2)

    @Flag(help: "Write one JSON document.")
    var json = false

    @OptionGroup var fleet: FleetOptions

    var outputOptions: OutputOptions { fleet.output }

    func validate() throws {
        guard period.duration <= .seconds(86_400) else {
            throw ValidationError("a period of \(period.duration.inSeconds) s is too long; up to 86400 s is allowed")
        }
    }

    func execute(_ console: Console) async throws {
        let address = try FleetAddress(address)
        let fleet = try fleet.fleet()
        let endpoints = try await TimeLimit.run(timeout.duration, waitingFor: fleet.registry) {
            try await address.endpoints(in: fleet.registry)
        }
        let change = LogLevelChange(of: logger, to: level, for: period.duration)
        let outcomes = try await fleet.withClient(for: address.text) { client in
            await change.apply(at: endpoints, by: client, within: timeout.duration)
        }
        let results = outcomes.map { (endpoint: $0.endpoint, failure: $0.error.map { Failure($0) }) }
        try report(results, console)
        if let failure = results.lazy.compactMap(\.failure).first { throw Failure.quietly(failure.status) }
    }

    private func report(_ results: [(endpoint: Endpoint, failure: Failure?)], _ console: Console) throws {
        if json {
            let documents = results.map { result -> JSON in
                [
                    "endpoint": .string(result.endpoint.description),
                    "changed": .bool(result.failure == nil),
                    "error": .optional(result.failure?.message),
                ]
            }
            return try console.print(.array(documents))
        }
        let what: Line = logger.isEmpty ? "every logger" : "the logger \(logger)"
        for result in results {
            if var failure = result.failure {
                // Not once for each instance.
                failure.section = nil
                console.report(failure)
            } else {
                try console.print(
                    "\(result.endpoint): \(what) logs at \(level.rawValue) and above for \(period.duration.inSeconds.fixed(1)) s"
                )
            }
        }
    }
}
