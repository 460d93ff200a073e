internal import Dispatch
internal import Glibc

/// Children that others have left behind. As the first process of a container (PID 1) a node becomes the parent of every process
/// whose own parent has ended, and the kernel keeps such a one, when it ends itself, until its parent has asked for its status.
struct Orphans {
    private let source: any DispatchSourceSignal

    /// Calls `onEnd` when some child may have ended, of ours or not.
    init(onEnd: @escaping @Sendable () -> Void) {
        source = DispatchSource.makeSignalSource(signal: SIGCHLD, queue: DispatchQueue(label: "lymph-node-children"))
        source.setEventHandler(handler: onEnd)
        source.resume()
    }

    func cancel() { source.cancel() }

    /// Removes the children that have ended, until it finds one of ours. That one is removed by who waits for it, after which this
    /// has to be called again: the kernel shows one child only.
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
