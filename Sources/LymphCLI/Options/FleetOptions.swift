internal import ArgumentParser
internal import Logging
internal import Lymph
internal import LymphFleet
internal import LymphService

/// How a command reaches services: the options that all commands of Python's `lymph` have.
struct FleetOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The configuration file. By default $LYMPH_CONFIG, or .lymph.yml if there is one.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The value of $(var.path) in it: path=value, or a file of values. By default $LYMPH_VARS.",
            valueName: "variable"))
    var vars: [String] = []

    @Option(
        help: ArgumentHelp(
            "The registry to use instead of the configured one: directory[:PATH] or zookeeper:HOSTS.",
            valueName: "registry"))
    var registry: String?

    @Option(
        help: ArgumentHelp(
            "The address at which services can reach this machine: those in Python send their answers there.",
            valueName: "address"))
    var ip: String?

    @Flag(name: [.customShort("g"), .long], help: "Detect that address.")
    var guessExternalIP = false

    @Option(
        help: ArgumentHelp(
            "The lowest level to log: trace, debug, info, notice, warning, error or critical. By default critical, or "
                + "info in a file.", valueName: "level"))
    var loglevel: LogLevel?

    @Option(help: ArgumentHelp("Append the log to this file instead of standard error.", valueName: "file"))
    var logfile: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard ip == nil || !guessExternalIP else {
            throw ValidationError("--ip and --guess-external-ip are mutually exclusive")
        }
    }

    /// The configuration with these options applied, including the mistakes in the files.
    func configuration() throws -> ProcessConfiguration {
        var configuration = try ProcessConfiguration.read(
            file: config, variables: vars, environment: ProcessEnvironment.all)
        if let registry {
            let choice = try RegistryChoice(registry)
            configuration.set("container.registry", to: choice.name, option: "--registry")
            if let (key, value) = choice.setting {
                configuration.set("container.registry.class", to: choice.name, option: "--registry")
                configuration.set("container.registry.\(key)", to: value, option: "--registry")
            }
        }
        if let ip {
            configuration.set("container.ip", to: ip, option: "--ip")
        } else if guessExternalIP {
            configuration.set("container.ip", to: try LocalAddress.guess(), option: "--guess-external-ip")
        }
        return configuration
    }

    /// The fleet's configuration and logger.
    func configured() throws -> ConfiguredFleet {
        try ProcessDescriptors.prepare(28)
        return ConfiguredFleet(configuration: try configuration(), logger: try logger())
    }

    /// The fleet.
    func fleet() throws -> Fleet { try configured().fleet() }

    /// Standard output is reserved for results, and standard error already reports failures, so without a log file
    /// the log shows little.
    private func logger() throws -> Logger {
        let file: LogOutput?
        do throws(LogOutput.Failure) {
            file = try logfile.map { path throws(LogOutput.Failure) in try LogOutput(path: path) }
        } catch {
            throw Failure(.failure, error.description)
        }
        let log = file ?? .standardError
        return ServiceLogging.logger(
            label: "lymph", level: loglevel?.level ?? (file == nil ? .critical : .info), output: log,
            isColoured: ServiceLogging.isColoured(
                output.color, isTerminal: log.isTerminal, environment: ProcessEnvironment.all))
    }
}
