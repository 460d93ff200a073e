import Glibc
import LymphService
import Synchronization
import Testing

/// Counts lines, on any thread.
private final class Count: Sendable {
    private let value = Atomic<Int>(0)

    func next() -> Int { value.add(1, ordering: .relaxed).newValue }
}

@Suite("lymph node and its processes", .serialized, .timeLimit(.minutes(2)))
struct NodeProcessTests {
    /// A process that reports that it runs, and ignores SIGTERM.
    private let stubborn = """
        instances:
          stubborn:
            command: sh -c "trap '' TERM; echo ready; while :; do sleep 0.1; echo tick; done"
        """

    @Test("starts the configured number of processes, each with its name and colour")
    func starts() async throws {
        let node = try NodeRun(
            """
            instances:
              echo: {command: sh -c "echo here; exec sleep 100", numprocesses: 2}
              longer-name: {command: sh -c "echo there >&2; exec sleep 100"}
            """, "--color")
        let count = Count()
        let outcome = try await node { line, pid in
            if line.hasSuffix("here"), count.next() == 3 { kill(pid, SIGTERM) }
        }
        #expect(outcome.status == 0)
        #expect(outcome.lines.contains("\u{1b}[36mecho.1        | \u{1b}[0mhere"))
        #expect(outcome.lines.contains("\u{1b}[33mecho.2        | \u{1b}[0mhere"))
        #expect(outcome.lines.contains("\u{1b}[32mlonger-name.1 | \u{1b}[0mthere"))
    }

    @Test("restarts a process after growing delays, and shows its last lines before reporting its end")
    func restarts() async throws {
        let node = try NodeRun(#"instances: {crash: {command: "sh -c 'echo last words >&2; exit 3'"}}"#)
        let count = Count()
        let outcome = try await node { line, pid in
            if line.contains("starts again"), count.next() == 3 { kill(pid, SIGTERM) }
        }
        #expect(outcome.status == 0)
        let news = outcome.lines(of: "node").filter { $0.contains("starts again") }
        #expect(news.count == 3)
        #expect(news.allSatisfy { $0.hasPrefix("crash.1 exited with status 3; starts again in 0.") })
        let interesting = outcome.lines.filter { $0.contains("last words") || $0.contains("starts again") }
        #expect(interesting.enumerated().allSatisfy { $1.contains("last words") == ($0 % 2 == 0) })
    }

    @Test("SIGTERM and SIGINT let every process finish", arguments: [SIGTERM, SIGINT])
    func drains(number: Int32) async throws {
        let node = try NodeRun(
            """
            instances:
              polite:
                command: sh -c "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.1; done"
                numprocesses: 2
            """)
        let count = Count()
        let outcome = try await node { line, pid in
            if line.hasSuffix("ready"), count.next() == 2 { kill(pid, number) }
        }
        #expect(outcome.status == 0)
        #expect(outcome.lines(of: "polite.1") == ["ready", "bye"])
        #expect(outcome.lines(of: "polite.2") == ["ready", "bye"])
    }

    @Test("a process that doesn't end within the grace period is killed, and the exit code says so")
    func kills() async throws {
        let start = ContinuousClock.now
        let outcome = try await NodeRun(stubborn, "--grace", "1").ended(after: "ready")
        #expect(outcome.status == 1)
        #expect(outcome.lines(of: "node").last == "stubborn.1 was ended by SIGKILL")
        #expect(.now - start >= .seconds(1))
    }

    @Test("a second signal kills all processes at once")
    func forced() async throws {
        let count = Count()
        let node = try NodeRun(stubborn, "--grace", "3600")
        let outcome = try await node { line, pid in
            if line.hasSuffix("ready") { kill(pid, SIGTERM) }
            // More than a second after the first signal, so it counts as a second one.
            if line.hasSuffix("tick"), count.next() >= 12 { kill(pid, SIGINT) }
        }
        #expect(outcome.status == 130)
        #expect(outcome.lines(of: "node").last == "stubborn.1 was ended by SIGKILL")
    }

    @Test("other signals are passed on", arguments: [(SIGHUP, "HUP"), (SIGUSR1, "USR1"), (SIGUSR2, "USR2")])
    func passesOn(number: Int32, name: String) async throws {
        let node = try NodeRun(
            """
            instances:
              a:
                command: sh -c "trap 'echo got it' \(name); echo ready; while :; do sleep 0.1; done"
            """)
        let outcome = try await node { line, pid in
            if line.hasSuffix("ready") { kill(pid, number) }
            if line.hasSuffix("got it") { kill(pid, SIGTERM) }
        }
        #expect(outcome.status == 0)
    }

    @Test("processes get the variables that Python lymph's node sets")
    func environment() async throws {
        let node = try NodeRun(
            """
            container: {ip: 127.0.0.2}
            instances:
              some:
                command: sh -c 'env | grep LYMPH_ | sort; echo done; exec sleep 100'
            """)
        let outcome = try await node.ended(after: "done")
        #expect(
            outcome.lines(of: "some.1") == [
                "LYMPH_NODE_CONFIG=.lymph.yml", "LYMPH_NODE_IP=127.0.0.2", "LYMPH_SERVICE_NAME=some",
                "LYMPH_SHARED_SOCKET_FDS={}", "done",
            ])
    }

    @Test("a program that doesn't exist ends the node and its other processes")
    func missing() async throws {
        let node = try NodeRun(
            "instances: {a: {command: sleep 100}, b: {command: there-is-no-such-program --at all}}")
        let outcome = try await node()
        #expect(outcome.status == 1)
        let text = "b.1 can't be started: there is no program \"there-is-no-such-program\""
        #expect(outcome.lines(of: "node").contains(text))
        #expect(outcome.lines(of: "node").last == "a.1 was ended by SIGTERM")
    }

    @Test("a configuration without anything to run is a mistake", arguments: [nil, "container: {}", "instances: {}"])
    func nothing(configuration: String?) async throws {
        let outcome = try await NodeRun(configuration)()
        #expect(outcome.status == 78)
        #expect(outcome.lines.count == 1 && outcome.lines[0].contains("nothing to run"))
    }
}
