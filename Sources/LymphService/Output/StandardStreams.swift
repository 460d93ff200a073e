internal import Glibc

/// What every process begins with.
package enum StandardStreams {
    /// Puts `/dev/null` in the place of each standard stream that is closed. Otherwise what is opened next would get its number,
    /// and what is written to the stream would go there.
    ///
    /// As the GNU tools do, in the direction in which nobody uses it: reading or writing fails, as it does with a closed stream.
    ///
    /// Must be called before anything is opened.
    package static func openClosed() {
        for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) == -1 {
            // The lowest number that is free: this one.
            _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
