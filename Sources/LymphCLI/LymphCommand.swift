internal import ArgumentParser

/// The command `lymph`.
@main
struct LymphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lymph",
        abstract: "Finds, describes and calls the services of a fleet.",
        discussion: """
            Services are found through the registry of the configuration (.lymph.yml), or among those of this user on \
            this machine if there is none. A service can be named (echo, echo@1.2) or addressed \
            (tcp://127.0.0.1:4100).

            Examples:
              lymph discover --instances
              lymph inspect echo
              lymph request echo.upper '{"text": "foo"}'
              lymph --generate-completion-script bash > lymph.bash

            \(ExitStatus.table())
            """,
        version: version,
        subcommands: subcommandsByName)

    /// The version of this package.
    static let version = "0.1.0"

    /// All commands, by name.
    static let subcommandsByName: [any ParsableCommand.Type] = [ListCommand.self]
}
