internal import Glibc

/// The terminal that a process was started at, and whether it was closed since. That is what SIGHUP means in the first place;
/// programs that manage daemons send it for something else.
package struct ControllingTerminal: Sendable {
    private let wasOpen: Bool

    /// Looks for the terminal, at the start of the process. One that ignores SIGHUP (`nohup`) is not to end with its terminal, and
    /// counts as having none.
    package init() {
        wasOpen = !isIgnored(SIGHUP) && Self.isOpen == true
    }

    /// Whether there was a terminal, and it was closed.
    package var isGone: Bool { wasOpen && Self.isOpen == false }

    /// Whether there is a terminal; nil if there is no descriptor left to find out. The kernel takes the terminal from a process
    /// before it sends the signal.
    private static var isOpen: Bool? {
        let descriptor = open("/dev/tty", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return errno == EMFILE || errno == ENFILE ? nil : false }
        close(descriptor)
        return true
    }
}

/// Whether the process was started with a signal ignored, as by `nohup`, or by a script that runs it in the background.
package func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    sigaction(signal, nil, &action)
    // The C library's `SIG_IGN` is this number.
    return action.__sigaction_handler.sa_handler.map { unsafeBitCast($0, to: Int.self) } == 1
}
