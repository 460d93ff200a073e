internal import Glibc

/// The terminal that a process was started from, and whether it has been closed since. That is the original meaning
/// of SIGHUP; programs that manage daemons send it for other reasons.
package struct ControllingTerminal: Sendable {
    private let wasOpen: Bool

    /// Looks for the terminal when the process starts. A process that ignores SIGHUP (`nohup`) should not end with
    /// its terminal, so it counts as having none.
    package init() {
        wasOpen = !isIgnored(SIGHUP) && Self.isOpen == true
    }

    /// Whether there was a terminal that has been closed.
    package var isGone: Bool { wasOpen && Self.isOpen == false }

    /// Whether there is a terminal; nil if no descriptor is left to find out. The kernel detaches the terminal from a
    /// process before it sends the signal.
    private static var isOpen: Bool? {
        let descriptor = open("/dev/tty", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return errno == EMFILE || errno == ENFILE ? nil : false }
        close(descriptor)
        return true
    }
}

/// Whether the process was started with a signal ignored, as by `nohup`, or by a script that runs it in the
/// background.
package func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    sigaction(signal, nil, &action)
    // The C library defines `SIG_IGN` as this number.
    return action.__sigaction_handler.sa_handler.map { unsafeBitCast($0, to: Int.self) } == 1
}
