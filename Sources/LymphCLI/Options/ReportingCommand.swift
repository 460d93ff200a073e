internal import ArgumentParser
internal import LymphService

/// A command that reports failures as one clear line on standard error, with an exit code for the kind of failure.
protocol ReportingCommand: AsyncParsableCommand {
    var outputOptions: OutputOptions { get }

    /// Runs the command.
    ///
    /// - Throws: Anything; ``Failure`` gives the best message.
    func execute(_ console: Console) async throws
}

extension ReportingCommand {
    func run() async throws {
        let console = outputOptions.console
        do {
            try await execute(console)
        } catch let code as ExitCode {
            throw code
        } catch let error as ValidationError {
            throw error
        } catch {
            let failure = Failure(error)
            console.report(failure)
            throw ExitCode(failure.status.rawValue)
        }
    }
}
