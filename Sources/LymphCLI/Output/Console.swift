internal import Glibc

/// Where a command writes: its results to standard output, everything else to standard error. Always UTF-8, whatever the
/// locale says.
struct Console: Sendable {
    /// One of the two.
    struct Stream: Sendable {
        let descriptor: Int32
        let isTerminal: Bool
        let style: Style
        /// The columns of the terminal, or 80.
        let width: Int
    }

    let output: Stream
    let errors: Stream

    /// - Parameter color: What `--color` or `--no-color` says.
    init(color: Bool?) {
        output = Stream(descriptor: STDOUT_FILENO, color: color)
        errors = Stream(descriptor: STDERR_FILENO, color: color)
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
        try print(output.isTerminal ? json.indented : json.text)
    }

    /// Writes a line to standard error. If nobody can read that, nobody has to.
    func note(_ text: String) {
        try? errors.write(text + "\n")
    }

    /// Says why the command fails.
    func report(_ failure: Failure) {
        if let text = failure.text(style: errors.style) { note(text) }
    }
}

extension Console.Stream {
    init(descriptor: Int32, color: Bool?) {
        let isTerminal = isatty(descriptor) == 1
        let environment = { (name: String) in getenv(name).map { String(cString: $0) } }
        self.init(
            descriptor: descriptor, isTerminal: isTerminal,
            style: .decide(option: color, isTerminal: isTerminal, environment: environment),
            width: isTerminal ? Self.columns(of: descriptor, environment("COLUMNS")) : 80)
    }

    private static func columns(of descriptor: Int32, _ variable: String?) -> Int {
        if let columns = variable.flatMap({ Int($0) }), columns > 0 { return columns }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes text.
    ///
    /// - Throws: A ``Failure`` without a message if the reader has gone, as behind `| head`.
    func write(_ text: String) throws(Failure) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                bytes = bytes.dropFirst(count)
            } else if errno == EPIPE {
                throw .quietly(.brokenPipe)
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                throw Failure(.failure, "the output can't be written: \(String(cString: strerror(errno)))")
            }
        }
    }
}
