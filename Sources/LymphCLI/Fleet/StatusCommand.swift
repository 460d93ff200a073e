internal import ArgumentParser
internal import Lymph
internal import LymphFleet

/// `lymph status`
struct StatusCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows the connections of a service.",
        usage: "lymph status [<options>] <address>",
        discussion: """
            The process that answers reports its connections: the state, the round trip of the last heartbeat, phi \
            (how unlikely the current silence is; from 8 on, it is almost certainly not an accident) and the calls \
            that wait for an answer. Python lymph reports only its endpoint and its identity.

            Examples:
              lymph status echo
              lymph status tcp://127.0.0.1:4100 --json | jq '.connections[] | select(.state != "responsive")'
            """)

    @Argument(
        help: "The name or address of the service: echo, echo@1.2, tcp://127.0.0.1:4100.",
        completion: ShellCompletion.service)
    var address: String

    @Flag(help: "Write one JSON document.")
    var json = false

    @Option(help: ArgumentHelp("How long the call may take in total.", valueName: "seconds"))
    var timeout = Seconds(2)

    @OptionGroup var fleet: FleetOptions

    var outputOptions: OutputOptions { fleet.output }

    func execute(_ console: Console) async throws {
        let status = try await fleet.fleet().withClient(for: address) { client in
            try await ServiceStatus.take(of: address, by: client, within: timeout.duration)
        }
        if json { return try console.print(JSON(status.body)) }
        try console.print(status.lines(width: console.output.lineWidth))
    }
}
