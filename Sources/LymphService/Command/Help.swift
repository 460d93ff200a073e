package import ArgumentParser
internal import Glibc

extension ParsableArguments {
    /// Ends the process like `exit(withError:)`, except that a help text that can't be written is an error.
    package static func exitSaying(_ error: any Error, adding addition: String = "") -> Never {
        guard exitCode(for: error).isSuccess else { exit(withError: error) }
        let output = LineWriter.standardOutput
        output.write(fullMessage(for: error) + addition)
        output.wait()
        if let code = output.error, code != EPIPE {
            let program = CommandLine.arguments.first?.split(separator: "/").last ?? ""
            let reason = String(cString: strerror(code))
            LineWriter.standardError.write("\(program): the output can't be written: \(reason)")
            exit(withError: ExitCode.failure)
        }
        exit(withError: ExitCode.success)
    }

    /// Parses the command line, or ends the process with an error or a help text.
    ///
    /// - Parameter arguments: The command line; by default that of the process.
    package static func parsedOrExit(_ arguments: [String]? = nil) -> Self {
        do { return try parse(arguments) } catch { exitSaying(error) }
    }
}
