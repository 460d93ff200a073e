internal import ArgumentParser
internal import Glibc
internal import Lymph
internal import LymphService

/// The command `lymph`.
@main
struct LymphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lymph",
        abstract: "Finds, describes and calls the services of a fleet.",
        discussion: """
            Services are found through the registry in the configuration (.lymph.yml) or, without one, among those of \
            this user on this machine. A service is given by its name (echo, echo@1.2) or its address \
            (tcp://127.0.0.1:4100).

            Examples:
              lymph discover --instances
              lymph inspect echo
              lymph request echo.upper text=foo
              lymph --generate-completion-script bash > lymph.bash

            \(ExitStatus.table())
            """,
        version: version,
        subcommands: [
            RequestCommand.self, InspectCommand.self, DiscoverCommand.self, PingCommand.self, StatusCommand.self,
            DoctorCommand.self, ConfigCommand.self, ListCommand.self, TailCommand.self, ChangeLogLevelCommand.self,
            NodeCommand.self, KeygenCommand.self,
        ])

    /// The version of this package.
    static let version = "0.1.0"

    static func main() async {
        StandardStreams.openClosed()
        await $signals.withValue(watchSignals()) { await runCommand() }
    }

    /// Handles signals from the first moment: they end the process, unless a command takes over because it has
    /// something to stop first.
    @TaskLocal static var signals: SignalWatch?

    /// - Returns: Nil if there are too few descriptors; the command will report that.
    private static func watchSignals() -> SignalWatch? {
        if CommandLine.arguments.dropFirst().first == NodeCommand.configuration.commandName {
            // Its processes would inherit a raised limit, and not all of them can cope with that.
            return ProcessDescriptors.areEnoughForSignals ? NodeCommand.watchSignals() : nil
        }
        try? ProcessDescriptors.prepare(0)
        guard ProcessDescriptors.areEnoughForSignals else { return nil }
        // A script makes its background commands ignore Ctrl-C.
        let stopping = [SIGTERM, SIGINT].filter { !isIgnored($0) }
        return SignalWatch(stopping: Set(stopping), status: ExitStatus.interrupted.rawValue)
    }

    private static func runCommand() async {
        do {
            var command = try await parseCommand(Array(CommandLine.arguments.dropFirst()))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Console(color: nil).report(failure)
            exit(withError: ExitCode(failure.status.rawValue))
        } catch {
            exitSaying(error, adding: CompletionScript.addition(for: CommandLine.arguments))
        }
    }

    /// Parses the command line.
    ///
    /// - Throws: ``Failure`` with one line for a mistake; other errors represent help texts and the like.
    private static func parseCommand(_ arguments: [String]) async throws -> any ParsableCommand {
        let name = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
        if let name, !name.hasPrefix("-") {
            let known = configuration.subcommands.compactMap { $0.configuration.commandName }
            if !known.contains(name) { throw UsageError.unknownCommand(name, known: known) }
        }
        do {
            return try await asyncParseAsRoot(arguments)
        } catch {
            guard exitCode(for: error) == .validationFailure else { throw error }
            throw UsageError.failure(fullMessage(for: error))
        }
    }
}
