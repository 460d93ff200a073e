internal import Dispatch
internal import Glibc

/// Reaps orphaned processes. As PID 1 of a container, a node becomes the parent of every process whose own parent has
/// ended. Such a process stays a zombie after its end until the node asks for its status.
struct Orphans {
    private let source: any DispatchSourceSignal

    /// Calls `onEnd` when a child, one of ours or an orphan, may have ended.
    init(onEnd: @escaping @Sendable () -> Void) {
        source = DispatchSource.makeSignalSource(signal: SIGCHLD, queue: DispatchQueue(label: "lymph-node-children"))
        source.setEventHandler(handler: onEnd)
        source.resume()
    }

    func cancel() { source.cancel() }

    /// Reaps children that have ended, until it finds one of ours. That one is reaped by the thread that waits for
    /// it, after which this has to be called again, because the kernel reports only one child at a time.
    static func reap(except isOurs: (pid_t) -> Bool) {
        while true {
            var info = siginfo_t()
            guard waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 else { return }
            let pid = info._sifields._sigchld.si_pid
            guard pid != 0, !isOurs(pid) else { return }
            _ = LymphCLI.reap(pid)
        }
    }
}
