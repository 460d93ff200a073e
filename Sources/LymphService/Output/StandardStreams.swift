internal import Glibc

/// The standard streams that every process starts with.
package enum StandardStreams {
    /// Replaces each closed standard stream by `/dev/null`. Otherwise the next opened file would get its number, and
    /// receive what is written to the stream.
    ///
    /// As in the GNU tools, it is opened in the unused direction: reading or writing fails, as it does with a closed
    /// stream.
    ///
    /// Call this before anything is opened.
    package static func openClosed() {
        for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) == -1 {
            // The lowest free number, which is this stream's.
            _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
