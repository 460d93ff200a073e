internal import ArgumentParser
internal import Lymph
internal import LymphFleet

/// `lymph tail`: the logs of running services.
struct TailCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Shows what services log, as they log it.",
        usage: "lymph tail [<options>] <address> ...",
        discussion: """
            Reads the logs of all instances of the services, Swift or Python, and follows them as instances come and \
            go, until it is interrupted. An address such as tcp://127.0.0.1:4100 stands for one process.

            Examples:
              lymph tail echo
              lymph tail --level debug echo@1.2 users
              lymph tail --json echo | grep -F '"level": "ERROR"'
            """)

    @Argument(
        help: ArgumentHelp("Names of services, or addresses.", valueName: "address"),
        completion: ShellCompletion.service)
    var addresses: [String]

    @Option(
        name: .shortAndLong,
        help: "What to show: records of this level and above (debug, info, warning, error, critical).")
    var level = PythonLevel.info

    @Flag(help: "Write one JSON document for each record.")
    var json = false

    @OptionGroup var fleet: FleetOptions

    var outputOptions: OutputOptions { fleet.output }

    func execute(_ console: Console) async throws {
        let addresses = try self.addresses.map { address throws(FleetFailure) in try FleetAddress(address) }
        let json = json
        let tail = Tail(addresses, in: try fleet.configured().registry()) { record in
            if json {
                try console.show(record.json)
            } else {
                try console.show(record.lines)
            }
        } note: {
            console.note($0.line)
        }
        try await tail.run(levels: level.andAbove)
    }
}

extension Tail.News {
    /// The line for people.
    var line: Line {
        switch self {
        case .silent(let address): "no instance of \(address.text) publishes its log now; waiting for one"
        case .dropped(let count): "\(count) lines were dropped: they arrived faster than they could be written"
        }
    }
}
