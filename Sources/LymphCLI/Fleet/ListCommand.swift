internal import ArgumentParser
internal import Lymph

/// `lymph list`: as in Python lymph, it lists the commands, not the services.
struct ListCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the commands. (Services: see discover.)",
        discussion: """
            As in Python lymph, this lists the commands of `lymph`. To list services, use `lymph discover`.

            Examples:
              lymph list
              lymph list --json | jq -r '.[].name'
            """)

    @Flag(help: "Write one JSON document.")
    var json = false

    @OptionGroup var outputOptions: OutputOptions

    func execute(_ console: Console) throws {
        let commands = LymphCommand.configuration.subcommands.map { $0.configuration }
            .map { (name: $0.commandName ?? "", abstract: $0.abstract) }
            .sorted { $0.name < $1.name }
        if json {
            return try console.print(
                .array(commands.map { ["name": .string($0.name), "description": .string($0.abstract)] }))
        }
        var table = Table([.init(title: "", attributes: [.bold]), .init(title: "", isFlexible: true)])
        for command in commands { table.add([command.name, command.abstract]) }
        try console.print(table)
    }
}
