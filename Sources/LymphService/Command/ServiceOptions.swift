internal import ArgumentParser
internal import Logging

/// The command line of a service.
struct ServiceOptions<Command: ServiceCommand>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Command.commandName, abstract: Command.abstract,
            usage: "\(Command.commandName) [<options>]", discussion: serviceHelp, version: Command.version)
    }

    @Option(name: [.long, .customShort("c")], help: .init("Read the configuration from this file.", valueName: "file"))
    var config: String?

    @Option(
        help: .init(
            "Listen on this address, at which peers can reach this machine. 0.0.0.0 and :: are not allowed.",
            valueName: "address"))
    var ip: String?

    @Option(name: .shortAndLong, help: .init("Listen on this port; 0 takes any free one.", valueName: "port"))
    var port: UInt16?

    @Flag(name: [.long, .customShort("g")], help: "Listen on the address from which this machine reaches others.")
    var guessExternalIp = false

    @Flag(name: .shortAndLong, help: "Don't register: only those who know the address can call.")
    var isolated = false

    @Option(
        name: .customLong("interface"),
        help: .init(
            "Serve only this interface: its name in the configuration, or its class. May be repeated.",
            valueName: "name"))
    var interfaces: [String] = []

    @Option(help: .init("Log this level and above: DEBUG, INFO, WARNING, … (default: INFO)", valueName: "level"))
    var loglevel: String?

    @Option(help: .init("Append the log to this file; SIGHUP reopens it.", valueName: "file"))
    var logfile: String?

    @Option(
        help: .init(
            "The value of $(var.path) in the configuration: path=value, or a YAML file of values. May be repeated.",
            valueName: "value"))
    var vars: [String] = []

    @Flag(
        inversion: .prefixedNo,
        help: "Colour the log or not. (default: only on a terminal, unless NO_COLOR is set or TERM is unset or dumb)")
    var color: Bool?

    func validate() throws {
        if ip != nil, guessExternalIp {
            throw ValidationError("--ip and --guess-external-ip are mutually exclusive")
        }
        if let loglevel, Logger.Level(named: loglevel) == nil {
            throw ValidationError(
                "\(loglevel.debugDescription) is not a log level; allowed: \(LoggingSettings.allowed)")
        }
    }
}

private let serviceHelp = """
    Without --config, the configuration is read from the file that LYMPH_CONFIG \
    names, or else from .lymph.yml if it exists. Without a configuration, every \
    interface is served under its default name.

    ENVIRONMENT
      LYMPH_CONFIG        the configuration
      LYMPH_NODE_CONFIG   the node's configuration, before the service's own
      LYMPH_NODE_IP       the address to listen on if the configuration has none
      LYMPH_SERVICE_NAME  the name of the process in its log
      LYMPH_VARS          like --vars, for one file
      LYMPH_REGISTRY_DIR  where services on this machine find each other
      NO_COLOR            turns colours off

    SIGNALS
      SIGTERM, SIGINT     leave the registry, let running requests finish,
                          cancel them after drain_timeout, exit with status 0;
                          also while the service starts. One that comes more
                          than a second after the first ends the process at once
      SIGHUP              reopens the log file; without one, acts like SIGTERM if
                          the terminal was closed, unless started with nohup

    A log that is read more slowly than it is written holds up nothing: lines are
    dropped and counted.

    EXIT STATUS
      0    stopped by a signal
      64   invalid options
      69   the registry can't be reached, or refuses
      70   an interface could not start, or another failure; or methods or
           start() kept running for 15 s after they were cancelled
      71   can't listen on the address, or the process may open too few
           descriptors (ulimit -n)
      73   the log file can't be opened
      78   a mistake in the configuration
      130  ended at once by a later SIGINT; 143 by a later SIGTERM
    """
