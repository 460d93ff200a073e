internal import Glibc
internal import Logging

/// The destination of log lines: standard error, or a file that can be reopened after it was moved away.
///
/// Writing never blocks (``LineWriter``): an unread log or a slow disk must not hold up the service.
package struct LogOutput: Sendable {
    /// The file could not be opened.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let file: OutputFile
    private let writer: LineWriter

    /// Whether the lines go to a terminal.
    package var isTerminal: Bool { isatty(file.descriptor) != 0 }

    /// Whether the lines go to a file, which ``reopen()`` reopens.
    package var isFile: Bool { file.path != nil }

    package static let standardError = LogOutput(OutputFile(descriptor: STDERR_FILENO), writer: .standardError)

    private init(_ file: OutputFile, writer: LineWriter) {
        self.file = file
        self.writer = writer
    }

    /// Opens a file for appending, and creates it if it doesn't exist.
    package init(path: String) throws(Failure) {
        let file = try OutputFile(path: path)
        self.init(file, writer: LineWriter(file, notice: droppedLines))
    }

    /// Writes one line.
    package func write(_ line: String) { writer.write(line) }

    /// Reopens the file under its name soon, for programs that move log files away. A failure is reported in the log.
    package func reopen() { writer.reopen() }
}

extension LineWriter {
    /// The one writer for standard error, shared by everybody who writes to it.
    package static let standardError = LineWriter(descriptor: STDERR_FILENO, notice: droppedLines)

    /// The one writer for standard output. Dropped lines are not reported there, because a program may be reading it.
    package static let standardOutput = LineWriter(descriptor: STDOUT_FILENO)
}

/// The log line that reports dropped lines.
@Sendable private func droppedLines(_ source: Int, _ count: Int) -> String {
    LogLine(
        time: ServiceLogHandler.now(), label: "lymph", level: .warning,
        message: "\(count) lines were dropped: they arrived faster than they could be written", metadata: [:]
    ).text(isColoured: false)
}
