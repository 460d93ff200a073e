internal import ArgumentParser
internal import Glibc
internal import Lymph
internal import LymphService

/// `lymph node`: the processes of a machine.
struct NodeCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Runs the processes of a configuration, and keeps them running.",
        usage: "lymph node [<options>]",
        discussion: """
            Starts `numprocesses` processes of each `instances.<name>.command`. A process that ends is restarted after \
            0.1 s; if it keeps ending, the delay grows to 30 s. A run of 10 s resets the delay. The output of the \
            processes is passed on with their names before each line. If it is read more slowly than they write, they \
            don't wait: lines are dropped and counted.

            Sockets under `sockets` (host, port) are opened once and inherited by all processes, which find them in \
            LYMPH_SHARED_SOCKET_FDS. The processes also get LYMPH_NODE_CONFIG, LYMPH_NODE_IP and LYMPH_SERVICE_NAME.

            SIGTERM and SIGINT end the node: all processes get SIGTERM, and SIGKILL after the grace period. A signal \
            more than a second after the first kills them at once. SIGHUP, SIGUSR1 and SIGUSR2 are passed on; services \
            reopen their log files on SIGHUP. But when the terminal that the node was started from is closed, SIGHUP \
            ends the node, unless it was started with nohup. No process outlives the node, even if the node itself is \
            killed.

            Example of a .lymph.yml:
              instances:
                echo:
                  command: echo-service --config conf/echo.yml
                  numprocesses: 2
              sockets:
                web: {host: 0.0.0.0, port: 8080}

            Exit codes:
                0  asked to end, and every process ended in time
                1  a process had to be killed or could not be started, or the node could not continue
               78  a mistake in the configuration
              130  ended at once by a later SIGINT
              143  ended at once by a later SIGTERM
            """)

    /// Handles signals until the node takes over. Signals for the processes have no effect yet, because there are
    /// none.
    static func watchSignals() -> SignalWatch {
        SignalWatch(stopping: [SIGTERM, SIGINT, SIGQUIT], others: [SIGHUP, SIGUSR1, SIGUSR2])
    }

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The configuration file. By default $LYMPH_CONFIG, or .lymph.yml if there is one.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The value of $(var.path) in the configuration: path=value, or a file of values. May be repeated.",
            valueName: "variables"))
    var vars: [String] = []

    @Option(
        help: ArgumentHelp(
            "The address at which others reach this machine, for processes and sockets. By default container.ip.",
            valueName: "address"))
    var ip: String?

    @Flag(name: [.customShort("g"), .long], help: "Detect that address.")
    var guessExternalIP = false

    @Option(help: ArgumentHelp("How long the processes may take to end.", valueName: "seconds"))
    // More than a service takes by default before it cancels running methods.
    var grace = Seconds(15)

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard ip == nil || !guessExternalIP else {
            throw ValidationError("--ip and --guess-external-ip are mutually exclusive")
        }
    }

    func execute(_ console: Console) async throws {
        var environment = ProcessEnvironment.all
        var configuration = try ProcessConfiguration.read(file: config, variables: vars, environment: environment)
        // As in Python lymph: the processes read the same variables file.
        if let file = vars.last, !file.contains("=") { environment["LYMPH_VARS"] = file }
        if let ip {
            configuration.set("container.ip", to: ip, option: "--ip")
        } else if guessExternalIP {
            configuration.set("container.ip", to: try LocalAddress.guess(), option: "--guess-external-ip")
        }
        let settings = try NodeSettings(configuration)
        let shared = try settings.sockets.map { socket throws(Failure) in
            try SharedSocket.open(host: socket.host ?? settings.ip, port: socket.port)
        }
        let programs = settings.programs(environment: environment, shared: shared)
        let output = NodeOutput(programs.map(\.id), style: console.output.style)
        var node = ProcessNode(
            programs, sockets: shared, grace: grace.duration, backoff: Backoff(), output: output)
        switch try await node.run(environment: environment, insteadOf: LymphCommand.signals) {
        case .drained: return
        case .killed, .failed: throw Failure.quietly(.failure)
        case .forced(let signal): throw ExitCode(128 + signal)
        }
    }
}

extension SharedSocket {
    fileprivate static func open(host: String, port: UInt16) throws(Failure) -> SharedSocket {
        do throws(SharedSocketError) {
            return try SharedSocket(host: host, port: port)
        } catch {
            throw Failure(.configuration, error.description)
        }
    }
}
