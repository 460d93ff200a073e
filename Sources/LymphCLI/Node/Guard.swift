internal import Dispatch
internal import Glibc

/// Makes sure that no process of the node outlives it, however the node ends.
///
/// It is a shell that leads the process group of all children and reads from a pipe whose other end only the node
/// has. When the node is gone, the kernel closes that end; the shell reads the end of file and kills the group.
struct Guard {
    /// The process group that the children join.
    let group: pid_t

    private let lifeline: Int32

    /// Starts the guard. `onEnd` is called when it ends, which should not happen before ``end()``.
    init(environment: [String: String], onEnd: @escaping @Sendable () -> Void) throws(SpawnError) {
        let pipe = try makePipe()
        defer { close(pipe.read) }
        let script = "trap '' HUP INT QUIT TERM USR1 USR2; while read -r _; do :; done; kill -KILL 0"
        do throws(SpawnError) {
            let pid = try Spawn(
                words: ["/bin/sh", "-c", script], environment: environment, group: 0, input: pipe.read)()
            group = pid
            lifeline = pipe.write
            DispatchQueue(label: "lymph-node-guard").async {
                waitForEnd(of: pid)
                onEnd()
            }
        } catch {
            close(pipe.write)
            throw error
        }
    }

    /// Kills the rest of the group, including the guard.
    func end() {
        kill(-group, SIGKILL)
        close(lifeline)
        _ = reap(group)
    }
}
