internal import Glibc

/// Waits until a child has ended. It stays a zombie until ``reap(_:)``, so that its id can't be reused before
/// everybody who might send it a signal knows that it has ended.
func waitForEnd(of pid: pid_t) {
    var info = siginfo_t()
    while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) == -1, errno == EINTR {}
}

/// Reaps a child that has ended, and returns how it ended.
func reap(_ pid: pid_t) -> ProcessEnd {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) == -1, errno == EINTR {}
    let number = status & 0x7f
    return number == 0 ? .exited((status >> 8) & 0xff) : .signalled(number)
}
