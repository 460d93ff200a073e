internal import ArgumentParser
internal import Lymph
internal import MessagePack

/// `lymph change-loglevel`: another log level for a while.
struct ChangeLogLevelCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "change-loglevel",
        abstract: "Changes the log level of a service, for a while.",
        discussion: """
            Tells every instance of the service, Swift or Python, to log from another level on. After the period each \
            goes back to its own level.

            Examples:
              lymph change-loglevel echo --level debug
              lymph change-loglevel echo --name lymph.core --level debug --period 600
            """)

    @Argument(help: "The name of a service, or the address of one process.")
    var address: String

    @Option(
        name: [.customShort("n"), .customLong("name"), .customLong("logger")],
        help: ArgumentHelp(
            "The logger, and those whose names begin with it and a dot. By default all.", valueName: "name"))
    var logger = ""

    @Option(name: .shortAndLong, help: "The level: debug, info, warning, error, critical.")
    var level: PythonLevel

    @Option(name: .shortAndLong, help: ArgumentHelp("For how long.", valueName: "seconds"))
    var period = Seconds(60)

    @Option(help: ArgumentHelp("How long the registry and each answer may take.", valueName: "seconds"))
    var timeout = Seconds(2)

    @Flag(help: "Write one JSON document.")
    var json = false

    @OptionGroup var fleet: FleetOptions

    var outputOptions: OutputOptions { fleet.output }

    func validate() throws {
        guard period.duration <= .seconds(86_400) else {
            throw ValidationError("a period of \(period.duration.inSeconds) s; up to 86400 is allowed")
        }
    }

    func execute(_ console: Console) async throws {
        let address = try FleetAddress(address)
        let fleet = try fleet.fleet()
        let registry = try fleet.registry()
        let endpoints = try await Deadline.run(timeout.duration, waitingFor: registry) {
            try await address.endpoints(in: registry)
        }
        let results = try await fleet.withClient(for: address.text) { client in
            await change(at: endpoints, over: client)
        }
        try report(results, console)
        if let failure = results.lazy.compactMap(\.failure).first { throw Failure.quietly(failure.status) }
    }

    private struct Result: Sendable {
        let endpoint: Endpoint
        let failure: Failure?
    }

    private func change(at endpoints: [Endpoint], over client: Client) async -> [Result] {
        let body: Value = [
            "qualname": .string(logger), "loglevel": .string(level.rawValue),
            "period": .double(period.duration.inSeconds),
        ]
        let timeout = timeout.duration
        return await withTaskGroup(of: Result.self) { group in
            for endpoint in endpoints {
                group.addTask {
                    do {
                        _ = try await client.request(
                            endpoint.description, "lymph.change_loglevel", body, timeout: timeout)
                        return Result(endpoint: endpoint, failure: nil)
                    } catch {
                        return Result(endpoint: endpoint, failure: Failure(error))
                    }
                }
            }
            var results: [Result] = []
            for await result in group { results.append(result) }
            return results.sorted { $0.endpoint.description < $1.endpoint.description }
        }
    }

    private func report(_ results: [Result], _ console: Console) throws {
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
            if let failure = result.failure {
                console.report(failure)
            } else {
                try console.print(
                    "\(result.endpoint): \(what) logs from \(level.rawValue) on, for \(period.duration.inSeconds.fixed(1)) s"
                )
            }
        }
    }
}

extension FleetAddress {
    /// The processes that are meant, each once. A process that is named by its address need not be in the registry.
    fileprivate func endpoints(in registry: any ServiceRegistry) async throws -> [Endpoint] {
        if let endpoint { return [endpoint] }
        var iterator = try await registry.instances(of: service).makeAsyncIterator()
        let endpoints = Set(select(await iterator.next() ?? []).map(\.endpoint))
        guard !endpoints.isEmpty else {
            throw Failure(.notConnected, "no instance of \(text) is running")
        }
        return endpoints.sorted { $0.description < $1.description }
    }
}
