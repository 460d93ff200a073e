internal import Glibc
internal import Lymph
internal import LymphService

/// A command's output: results go to standard output, everything else to standard error. Always UTF-8, regardless of
/// the locale.
///
/// Writing a result waits for its reader. Messages on standard error, and what is shown while something runs, never
/// wait.
struct Console: Sendable {
    /// One of the two streams.
    struct Stream: Sendable {
        let writer: LineWriter
        let isTerminal: Bool
        let style: Style
        /// The columns of the terminal, or 80: the width for values and drawings.
        let width: Int

        /// The maximum width of texts and tables. Without a terminal nothing is wrapped, so that somebody who
        /// searches the output finds a sentence on one line, however long the paths in it are.
        var lineWidth: Int { isTerminal ? width : .max }
    }

    let output: Stream
    let errors: Stream

    /// - Parameter color: `--color` or `--no-color`, if given.
    init(color: Bool?) {
        output = Stream(descriptor: STDOUT_FILENO, writer: .standardOutput, color: color)
        errors = Stream(descriptor: STDERR_FILENO, writer: .standardError, color: color)
    }

    /// Writes a line to standard output.
    func print(_ line: Line) throws(Failure) { try print([line]) }

    /// Writes lines to standard output.
    func print(_ lines: [Line]) throws(Failure) {
        if !lines.isEmpty { try output.write(text(lines, output.style)) }
    }

    /// Writes the lines of a table to standard output.
    func print(_ table: Table) throws(Failure) { try print(table.lines(width: output.lineWidth)) }

    /// Writes a document to standard output: on several lines for people, on one line for programs.
    func print(_ json: JSON) throws(Failure) { try output.write(text(of: json)) }

    private func text(of json: JSON) -> String { (output.isTerminal ? json.indented : json.text) + "\n" }

    /// Writes lines to standard output while something runs that must not wait. Lines for which there is no room are
    /// dropped, and the user is told.
    func show(_ lines: [Line]) throws(Failure) { try show(text(lines, output.style)) }

    /// Writes a document on one line, like ``show(_:)``.
    func show(_ json: JSON) throws(Failure) { try show(json.text + "\n") }

    private func show(_ text: String) throws(Failure) {
        try output.show(text)
        let dropped = output.writer.takeDropped()
        if dropped > 0 { note("lymph: \(dropped) lines were dropped: they arrived faster than they were read") }
    }

    /// Writes lines to standard output, and waits for the reader until the task is cancelled. Needed where signals
    /// are trapped (``Interruption``), because they could not end ``print(_:)`` there.
    func deliver(_ lines: [Line]) async throws(Failure) { try await deliver(text(lines, output.style)) }

    /// The same for a document.
    func deliver(_ json: JSON) async throws(Failure) { try await deliver(text(of: json)) }

    private func deliver(_ text: String) async throws(Failure) {
        while !output.writer.isIdle, (try? await Task.sleep(for: .milliseconds(10))) != nil {}
        try show(text)
        while !output.writer.isIdle, (try? await Task.sleep(for: .milliseconds(10))) != nil {}
        try output.check()
    }

    /// Writes a line to standard error. If nobody can read it, it is lost.
    func note(_ line: Line) { note([line]) }

    /// Shows progress on the current line of a terminal.
    func show(progress: @autoclosure () -> String) {
        if errors.isTerminal { errors.showProgress("\r" + progress().shown) }
    }

    /// Clears the progress line.
    func endProgress() {
        if errors.isTerminal { errors.endProgress("\r\u{1b}[K") }
    }

    private func note(_ lines: [Line]) { try? errors.show(text(lines, errors.style)) }

    private func text(_ lines: [Line], _ style: Style) -> String {
        lines.reduce(into: "") { $0 += $1.text(style) + "\n" }
    }

    /// Reports why the command fails.
    func report(_ failure: Failure) {
        note(failure.lines)
    }
}

extension Console.Stream {
    init(descriptor: Int32, writer: LineWriter, color: Bool?) {
        let isTerminal = isatty(descriptor) == 1
        let environment = ProcessEnvironment.all
        self.init(
            writer: writer, isTerminal: isTerminal,
            style: Style(
                isColored: ServiceLogging.isColoured(color, isTerminal: isTerminal, environment: environment)),
            width: isTerminal ? Self.columns(of: descriptor, environment["COLUMNS"]) : 80)
    }

    private static func columns(of descriptor: Int32, _ variable: String?) -> Int {
        if let columns = variable.flatMap({ Int($0) }), columns > 0 { return columns }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes text unchanged, after anything being shown, and returns when that is done. A signal can still end the
    /// process in the meantime. Only for this file: other code writes a ``Line`` or a document.
    ///
    /// - Throws: A ``Failure`` without a message if the reader has gone, as with `| head`.
    fileprivate func write(_ text: String) throws(Failure) {
        writer.wait()
        writer.write(Array(text.utf8))
        writer.wait()
        try check()
    }

    /// Writes text, and returns when that is done, or soon if nobody reads: then the text stays queued, or is
    /// dropped.
    ///
    /// - Throws: Like ``write(_:)``; possibly for something shown earlier.
    fileprivate func show(_ text: String) throws(Failure) {
        let isRead = writer.isIdle
        writer.write(Array(text.utf8))
        // Keeps the two streams of a terminal in order, and notices a reader that is gone.
        if isRead { writer.flush(limit: .milliseconds(200)) }
        try check()
    }

    /// Writes text that will soon be out of date: not at all if nobody reads.
    fileprivate func showProgress(_ text: String) {
        if writer.isIdle { writer.write(Array(text.utf8)) }
    }

    /// Ends the progress line. The line itself may still be being written; what is written to the terminal's other
    /// stream comes after both, unless nobody reads.
    fileprivate func endProgress(_ text: String) {
        writer.write(Array(text.utf8))
        writer.flush(limit: .milliseconds(200))
    }

    func check() throws(Failure) {
        switch writer.error {
        case nil: return
        case EPIPE: throw .quietly(.brokenPipe)
        case let error?: throw Failure(.failure, "the output can't be written: \(String(cString: strerror(error)))")
        }
    }
}
