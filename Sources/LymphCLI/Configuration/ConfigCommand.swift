internal import ArgumentParser
internal import Lymph
internal import LymphService

/// `lymph config`
struct ConfigCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Shows the configuration that is in effect.",
        usage: "lymph config [<options>]",
        discussion: """
            Files, variables and options are merged, as a service or another command would see them. Values whose \
            names suggest a secret (password, token, key, …) are masked.

            Examples:
              lymph config
              lymph config --config conf/echo.yml --sources
              lymph config --json | jq .container
            """)

    @Flag(help: "Show where each value comes from.")
    var sources = false

    @Flag(help: "Write one JSON document.")
    var json = false

    @OptionGroup var fleet: FleetOptions

    var outputOptions: OutputOptions { fleet.output }

    func execute(_ console: Console) throws {
        let configuration = try fleet.configuration()
        try configuration.mistakes.check()
        for warning in configuration.warnings { console.note("lymph: \(warning)") }
        let text = ConfigurationText(root: configuration.root)
        switch (json, sources) {
        case (true, true): try console.print(text.sourcesJSON)
        case (true, false): try console.print(text.json)
        case (false, true): try console.print(text.sources)
        case (false, false):
            try console.print(text.yaml().split(separator: "\n", omittingEmptySubsequences: false).map { Line($0) })
        }
    }
}
