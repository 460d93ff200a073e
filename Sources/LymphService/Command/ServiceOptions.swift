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
            "Listen at this address, under which peers can reach this machine. 0.0.0.0 and :: are none.",
            valueName: "address"))
    var ip: String?

    @Option(name: .shortAndLong, help: .init("Listen at this port; 0 takes any free one.", valueName: "port"))
    var port: UInt16?

    @Flag(name: [.long, .customShort("g")], help: "Listen at the address from which this machine reaches others.")
    var guessExternalIp = false

    @Flag(name: .shortAndLong, help: "Don't register: only who knows the address can call.")
    var isolated = false

    @Option(
        name: .customLong("interface"),
        help: .init(
            "Serve this one only: a name of the configuration, or a class. Can be given several times.",
            valueName: "name"))
    var interfaces: [String] = []

    @Option(help: .init("Log from this level on: DEBUG, INFO, WARNING, ERROR, … (default: INFO)", valueName: "level"))
    var loglevel: String?

    @Option(help: .init("Append the log to this file; SIGHUP opens it again.", valueName: "file"))
    var logfile: String?

    @Option(
        help: .init(
            "What $(var.path) in the configuration stands for: path=value, or a YAML file. Can be given several times.",
            valueName: "value"))
    var vars: [String] = []

    @Flag(
        inversion: .prefixedNo,
        help: "Colour the log, or don't. (default: on a terminal, unless NO_COLOR is set or TERM says nothing)")
    var color: Bool?

    func validate() throws {
        if ip != nil, guessExternalIp {
            throw ValidationError("--ip and --guess-external-ip exclude each other")
        }
        if let loglevel, Logger.Level(named: loglevel) == nil {
            throw ValidationError("\(loglevel.debugDescription) is no log level; there are \(LoggingSettings.allowed)")
        }
    }
}

private let serviceHelp = """
    Without --config, the configuration is read from the file that LYMPH_CONFIG \
    names, or else from .lymph.yml if it is there. Without any, every interface is \
    served under its default name.

    ENVIRONMENT
      LYMPH_CONFIG        the configuration
      LYMPH_NODE_CONFIG   the node's configuration, before the service's own
      LYMPH_NODE_IP       the address to listen at if the configuration names none
      LYMPH_SERVICE_NAME  what the process is called in its log
      LYMPH_VARS          as --vars, for one file
      LYMPH_REGISTRY_DIR  where services of this machine find each other
      NO_COLOR            no colours

    SIGNALS
      SIGTERM, SIGINT     leave the registry, finish what runs, cancel what runs
                          after drain_timeout, end with status 0; so they do
                          while the service starts. One that comes more than
                          a second after the first ends the process at once
      SIGHUP              opens the log file again; without one, as SIGTERM if the
                          terminal was closed, unless started with nohup

    A log that is not read as fast as it is written holds up nothing: lines are
    dropped, and counted.

    EXIT STATUS
      0    stopped by a signal
      64   wrong options
      69   the registry can't be reached, or refuses
      70   an interface could not start, or something unforeseen; or methods
           or start() went on for 15 s after they were cancelled
      71   the address can't be listened at, or the process may open too few
           descriptors (ulimit -n)
      73   the log file can't be opened
      78   a mistake in the configuration
      130  ended at once by a later SIGINT; 143 by a later SIGTERM
    """
