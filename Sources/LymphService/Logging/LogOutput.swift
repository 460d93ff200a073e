internal import Glibc
internal import Logging

/// Where log lines go: standard error, or a file that can be opened anew when somebody has moved it away.
///
/// Writing never waits (``LineWriter``): a log that nobody reads, or a disk that is slow, must not hold up what is logged about.
package struct LogOutput: Sendable {
    /// The file could not be opened.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let file: OutputFile
    private let writer: LineWriter

    /// Whether a terminal shows the lines.
    package var isTerminal: Bool { isatty(file.descriptor) != 0 }

    /// Whether it is a file, which ``reopen()`` opens again.
    package var isFile: Bool { file.path != nil }

    package static let standardError = LogOutput(OutputFile(descriptor: STDERR_FILENO), writer: .standardError)

    private init(_ file: OutputFile, writer: LineWriter) {
        self.file = file
        self.writer = writer
    }

    /// Opens a file to append to; it is created if it isn't there.
    package init(path: String) throws(Failure) {
        let file = try OutputFile(path: path)
        self.init(file, writer: LineWriter(file, notice: droppedLines))
    }

    /// Writes one line.
    package func write(_ line: String) { writer.write(line) }

    /// Opens the file under its name again, soon, for programs that move log files away. Says in the log if that fails.
    package func reopen() { writer.reopen() }
}

extension LineWriter {
    /// Standard error, which is one for all that write to it.
    package static let standardError = LineWriter(descriptor: STDERR_FILENO, notice: droppedLines)

    /// Standard output. Of what was dropped there a person is told elsewhere: a program may be reading it.
    package static let standardOutput = LineWriter(descriptor: STDOUT_FILENO)
}

/// The line of the log that stands for those that were dropped.
@Sendable private func droppedLines(_ source: Int, _ count: Int) -> String {
    LogLine(
        time: ServiceLogHandler.now(), label: "lymph", level: .warning,
        message: "\(count) lines were dropped: they came faster than they were read or written", metadata: [:]
    ).text(isColoured: false)
}
