internal import ArgumentParser
internal import LymphService

/// A command whose failures end as one clear line on standard error and an exit code of their own.
protocol ReportingCommand: AsyncParsableCommand {
    var outputOptions: OutputOptions { get }

    /// Does what the command is for.
    ///
    /// - Throws: Anything; ``Failure`` says best what it is about.
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
