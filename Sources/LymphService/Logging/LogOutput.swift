internal import Glibc

/// Where log lines go: standard error, or a file that can be opened anew when somebody has moved it away.
package struct LogOutput: Sendable {
    /// The file could not be opened.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let descriptor: Int32
    private let path: String?

    /// Whether a terminal shows the lines.
    package var isTerminal: Bool { isatty(descriptor) != 0 }

    package static let standardError = LogOutput(descriptor: STDERR_FILENO, path: nil)

    private init(descriptor: Int32, path: String?) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Opens a file to append to; it is created if it isn't there.
    package init(path: String) throws(Failure) {
        self.init(descriptor: try Self.open(path), path: path)
    }

    /// Writes one line. Lines of several threads do not mix: each is one write.
    package func write(_ line: String) {
        var line = line
        line += "\n"
        line.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[rest.indices])
                let count = Glibc.write(descriptor, part.baseAddress, part.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno != EINTR {
                    // A log that can't be written must not end the service.
                    return
                }
            }
        }
    }

    /// Opens the file under its name again, for programs that move log files away.
    package func reopen() throws(Failure) {
        guard let path else { return }
        let new = try Self.open(path)
        // Replaces the file under the same descriptor, at once for all threads.
        dup2(new, descriptor)
        close(new)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    private static func open(_ path: String) throws(Failure) -> Int32 {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw Failure(description: "the log file \(path) can't be opened: \(String(cString: strerror(errno)))")
        }
        return descriptor
    }
}
