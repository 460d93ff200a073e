internal import ArgumentParser
internal import Lymph
internal import LymphFleet

/// `lymph inspect`
struct InspectCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Describes the methods of a service.",
        usage: "lymph inspect [<options>] <address>",
        discussion: """
            Shows all interfaces of the process that answers, including the built-in one, which is named lymph. If the \
            service tells the types of its methods, they are shown, too; with --json as JSON Schema.

            Examples:
              lymph inspect echo
              lymph inspect tcp://127.0.0.1:4100 --json | jq -r '.methods[].name'
            """)

    @Argument(
        help: "The name or address of the service: echo, echo@1.2, tcp://127.0.0.1:4100.",
        completion: ShellCompletion.service)
    var address: String

    @Flag(help: "Write one JSON document.")
    var json = false

    @Option(help: ArgumentHelp("How long the call may take in total.", valueName: "seconds"))
    var timeout = Seconds(5)

    @OptionGroup var fleet: FleetOptions

    var outputOptions: OutputOptions { fleet.output }

    func execute(_ console: Console) async throws {
        let inspection = try await fleet.fleet().withClient(for: address) { client in
            try await Inspection.take(of: address, by: client, within: timeout.duration)
        }
        if json { return try console.print(inspection.json) }
        try console.print(inspection.lines(width: console.output.lineWidth))
    }
}
