import Foundation
import Glibc
import Testing

/// A node when the terminal that it was started from is closed, and as the first process of a container.
@Suite("lymph node, terminals and orphans", .serialized, .timeLimit(.minutes(2)))
struct NodeTerminalTests {
    /// Starts a program in the foreground of a terminal, and closes the terminal when the file `ready` exists.
    private static let terminal = """
        import os, pty, sys, time
        pid, master = pty.fork()
        if pid == 0:
            os.execvp(sys.argv[1], sys.argv[1:])
        while not os.path.exists('ready'):
            time.sleep(0.05)
        os.close(master)
        _, status = os.waitpid(pid, 0)
        print('status', os.waitstatus_to_exitcode(status))
        """

    /// Two processes that do something repeatedly.
    private func children(_ work: String) -> String {
        """
        instances:
          a:
            command: sh -c "exec 3>alive; trap 'echo hup >>hups' HUP; echo >ready; while :; do \(work); done"
            numprocesses: 2
        """
    }

    private static let needsPython = ConditionTrait.enabled(
        if: access("/usr/bin/python3", X_OK) == 0, "NOT TESTED: there is no /usr/bin/python3")

    /// Runs lines of shell in a folder where the file `terminal.py` and the pipe `alive` are, and returns what they write.
    private func shell(_ text: String, work: String = "sleep 0.1") async throws -> [String] {
        let node = try NodeRun(children(work))
        try node.folder.write(Self.terminal, to: "terminal.py")
        _ = try node.folder.makePipe("alive")
        return try await node.shell(text).lines
    }

    // Processes that write show that the output is gone before the signal comes.
    @Test(
        "closing the terminal ends the node and its processes", needsPython,
        arguments: ["sleep 0.1", "echo line; sleep 0.001"])
    func closed(work: String) async throws {
        let lines = try await shell(
            "cat alive & /usr/bin/python3 terminal.py $LYMPH node; wait; [ -e hups ] && echo passed on", work: work)
        #expect(lines == ["status 0"])
    }

    @Test("closing the terminal does not end a node that was started with nohup", needsPython)
    func nohup() async throws {
        // The kernel's signal is passed on like any other; the next one ends the node.
        let lines = try await shell(
            """
            cat alive & { until [ -e hups ]; do sleep 0.1; done; kill -TERM $(cat pid); } &
            /usr/bin/python3 terminal.py sh -c 'echo $$ >pid; exec nohup $LYMPH node >/dev/null 2>&1'; wait
            """)
        #expect(lines == ["status 0"])
    }

    @Test(
        "as PID 1 it adopts the orphans of its processes",
        .enabled(if: canMakeNamespaces, "NOT TESTED: no namespaces of processes can be made here"))
    func orphans() async throws {
        let node = try NodeRun(
            """
            instances:
              a:
                command: >-
                  sh -c "for i in 1 2 3; do sh -c '(sleep 0.2) & exec true'; done; echo forked; sleep 1000"
            """)
        // Outside the namespace the processes have other numbers, but the same parents.
        let outcome = try await node.shell(
            """
            unshare -pf --mount-proc $LYMPH node 2>&1 & unshare=$!
            until node=$(pgrep -P $unshare) && [ $(pgrep -P $node | wc -l) -ge 2 ]; do sleep 0.1; done
            for turn in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; pgrep -P $node -r Z >>zombies; : >last; pgrep -P $node -r Z >last; done
            echo "zombies: $(wc -l < last)"
            kill -TERM $node; wait $unshare; echo "status $?"
            """)
        #expect(outcome.lines.contains { $0.hasSuffix("| forked") })
        #expect(outcome.lines.contains("zombies: 0"))
        #expect(outcome.lines.last == "status 0")
    }
}

private let canMakeNamespaces: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/unshare")
    process.arguments = ["-pf", "--mount-proc", "true"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
}()
