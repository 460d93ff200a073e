internal import Glibc
internal import LymphService

/// Where a command writes: its results to standard output, everything else to standard error. Always UTF-8, whatever the
/// locale says.
///
/// A result waits for its reader. All else goes on without one: what is said on standard error, and what is shown while
/// something runs.
struct Console: Sendable {
    /// One of the two.
    struct Stream: Sendable {
        let descriptor: Int32
        let writer: LineWriter
        let isTerminal: Bool
        let style: Style
        /// The columns of the terminal, or 80.
        let width: Int
    }

    let output: Stream
    let errors: Stream

    /// - Parameter color: What `--color` or `--no-color` says.
    init(color: Bool?) {
        output = Stream(descriptor: STDOUT_FILENO, writer: .standardOutput, color: color)
        errors = Stream(descriptor: STDERR_FILENO, writer: .standardError, color: color)
    }

    /// The style of results.
    var style: Style { output.style }

    /// Writes a line, or several, to standard output.
    func print(_ text: String = "") throws(Failure) {
        try output.write(text + "\n")
    }

    /// Writes the lines of a table to standard output.
    func print(_ table: Table) throws(Failure) {
        let lines = table.lines(width: output.width, style: style)
        if !lines.isEmpty { try print(lines.joined(separator: "\n")) }
    }

    /// Writes a document to standard output: over several lines for a person, in one line for a program.
    func print(_ json: JSON) throws(Failure) {
        try print(text(of: json))
    }

    /// The document as ``print(_:)`` writes it.
    func text(of json: JSON) -> String { output.isTerminal ? json.indented : json.text }

    /// Writes a line to standard output while something runs that must not wait. What there is no room for is dropped, and
    /// the person is told.
    func show(_ line: String) throws(Failure) {
        try output.show(line + "\n")
        let dropped = output.writer.takeDropped()
        if dropped > 0 { note("lymph: \(dropped) lines were dropped: they came faster than they were read") }
    }

    /// Writes a result to standard output that a person, who has interrupted the command, must not wait for.
    func print(_ text: String, isInterrupted: Bool) throws(Failure) {
        if isInterrupted { try output.show(text + "\n") } else { try print(text) }
    }

    /// Writes a line to standard error. If nobody can read that, nobody has to.
    func note(_ text: String) {
        try? errors.show(text + "\n")
    }

    /// Says why the command fails.
    func report(_ failure: Failure) {
        if let text = failure.text(style: errors.style) { note(text) }
    }
}

extension Console.Stream {
    init(descriptor: Int32, writer: LineWriter, color: Bool?) {
        let isTerminal = isatty(descriptor) == 1
        let environment = { (name: String) in getenv(name).map { String(cString: $0) } }
        self.init(
            descriptor: descriptor, writer: writer, isTerminal: isTerminal,
            style: .decide(option: color, isTerminal: isTerminal, environment: environment),
            width: isTerminal ? Self.columns(of: descriptor, environment("COLUMNS")) : 80)
    }

    private static func columns(of descriptor: Int32, _ variable: String?) -> Int {
        if let columns = variable.flatMap({ Int($0) }), columns > 0 { return columns }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes text, after what is being shown, and returns when that is done. A signal ends the process meanwhile.
    ///
    /// - Throws: A ``Failure`` without a message if the reader has gone, as behind `| head`.
    func write(_ text: String) throws(Failure) {
        writer.wait()
        writer.write(Array(text.utf8))
        writer.wait()
        try check()
    }

    /// Writes text, and returns when that is done, or soon if nobody reads: then it waits, or is dropped.
    ///
    /// - Throws: As ``write(_:)``; perhaps for what was shown before.
    func show(_ text: String) throws(Failure) {
        let isRead = writer.isIdle
        writer.write(Array(text.utf8))
        // So that the two streams of a terminal are in order, and a reader that is gone is noticed.
        if isRead { writer.flush(limit: .milliseconds(200)) }
        try check()
    }

    /// Writes a text that is out of date soon: not at all if nobody reads.
    func showProgress(_ text: String) {
        if writer.isIdle { writer.write(Array(text.utf8)) }
    }

    private func check() throws(Failure) {
        switch writer.error {
        case nil: return
        case EPIPE: throw .quietly(.brokenPipe)
        case let error?: throw Failure(.failure, "the output can't be written: \(String(cString: strerror(error)))")
        }
    }
}
