import Glibc
import Testing

@Suite("The output of lymph node", .serialized, .timeLimit(.minutes(2)))
struct NodeOutputTests {
    /// The number before a text, in the line that ends with that text.
    private func number(before text: String, in lines: [String]) -> Int? {
        lines.first { $0.hasSuffix(text) }?.dropLast(text.count).split(separator: " ").last.flatMap { Int($0) }
    }

    @Test("processes never wait for a reader that stalls; it is told how many lines it missed")
    func stalled() async throws {
        // 25 MB with its name, more than the node keeps; the end of a pipe tells that all of it was written.
        let line = String(repeating: "some length ", count: 20)
        let node = try NodeRun(
            """
            instances:
              "a\\nb":
                command: >-
                  sh -c "echo first; exec 3>alive; yes '\(line)' | head -n 100000; exec 3>&-; exec sleep 1000"
            """)
        _ = try node.folder.makePipe("alive")
        let outcome = try await node.shell(
            """
            $LYMPH node 2>&1 | {
                head -n 2 > /dev/null; cat alive; echo "written"; grep -m 1 'dropped'; kill -TERM $(pgrep -P $$ lymph)
                cat > /dev/null; }
            """)
        #expect(outcome.lines.first == "written")
        let text = " lines were dropped: they arrived faster than they were read"
        let dropped = try #require(number(before: text, in: outcome.lines))
        #expect(outcome.lines.contains { $0.hasSuffix("| a\\nb.1 \(dropped)" + text) })
        #expect(dropped > 15_000 && dropped < 100_000)
    }

    @Test("a node whose reader stalls still restarts processes, and drains at SIGTERM")
    func ends() async throws {
        let node = try NodeRun(
            """
            instances:
              loud: {command: sh -c "exec yes 'a line of some length'"}
              crash: {command: sh -c "echo >>crashes; exit 3"}
            """)
        let outcome = try await node.shell(
            """
            mkfifo out; sleep 1000 3<>out >/dev/null & reader=$!; $LYMPH node >out 2>&1 & node=$!
            until [ -e crashes ] && [ $(wc -l < crashes) -ge 4 ]; do sleep 0.1; done
            kill -TERM $node; wait $node; echo "status $?"; kill $reader
            """)
        #expect(outcome.lines == ["status 0"])
    }

    @Test("a node runs even if its output was closed from the beginning")
    func closed() async throws {
        let node = try NodeRun(
            #"instances: {a: {command: sh -c "echo one; echo two >&2; echo >there; exec sleep 1000"}}"#)
        let outcome = try await node.shell(
            """
            $LYMPH node <&- >&- 2>&- & node=$!
            until [ -e there ]; do sleep 0.1; done
            kill -TERM $node; wait $node; echo "status $?"
            """)
        #expect(outcome.lines == ["status 0"])
    }
}
