internal import ArgumentParser
internal import Logging
internal import Lymph

/// How a command reaches the services.
struct FleetOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The configuration file. By default $LYMPH_CONFIG, or .lymph.yml if there is one.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The address at which this command can be reached. Python services send their answers there.",
            valueName: "address"))
    var ip: String?

    @Option(
        help: ArgumentHelp(
            "What is logged to standard error: trace, debug, info, notice, warning, error, critical.",
            valueName: "level"))
    var loglevel = LogLevel(level: .critical)

    @OptionGroup var output: OutputOptions

    /// Where services are found.
    func registry() throws -> any ServiceRegistry { DirectoryRegistry() }

    /// Runs `body` with a client that ends with it.
    func withClient<R: Sendable>(_ body: (Client) async throws -> R) async throws -> R {
        var configuration = ContainerConfiguration()
        if let ip { configuration.ip = ip }
        var logger = Logger(label: "lymph", factory: StreamLogHandler.standardError(label:))
        logger.logLevel = loglevel.level
        return try await Lymph.withClient(
            Client(registry: try registry(), configuration: configuration, logger: logger), body)
    }
}
