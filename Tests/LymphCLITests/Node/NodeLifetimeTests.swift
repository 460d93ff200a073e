import Dispatch
import Foundation
import FreePort
import Glibc
import LymphService
import Synchronization
import Testing

@Suite("What lymph node shares with its processes", .serialized, .timeLimit(.minutes(2)))
struct NodeLifetimeTests {
    /// Reads a named pipe until nobody has it open for writing.
    private func readToEnd(_ path: String) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "node-tests").async {
                let data = FileHandle(forReadingAtPath: path)?.readDataToEndOfFile() ?? Data()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }

    @Test("no process outlives a node that is killed, nor do the processes that they started")
    func killed() async throws {
        let node = try NodeRun(
            """
            instances:
              a:
                command: sh -c "exec 3>alive; trap '' HUP TERM; sleep 1000 & echo ready; wait"
                numprocesses: 2
            """)
        let alive = try node.folder.makePipe("alive")
        async let end = readToEnd(alive)
        let outcome = try await node.ended(by: SIGKILL, after: "ready")
        #expect(outcome.status == 128 + SIGKILL)
        // Returns when all processes that have it open are gone.
        #expect(await end == "")
    }

    /// A pipe in place of the configuration blocks the node; the shell continues when the node has opened it.
    @Test("before it has processes, SIGHUP is ignored, and SIGTERM ends it with status 0")
    func early() async throws {
        let node = try NodeRun(nil)
        _ = try node.folder.makePipe("configuration")
        let outcome = try await node.shell(
            "$LYMPH node --config configuration & exec 3>configuration; kill -HUP $!; kill -TERM $!; wait $!")
        #expect(outcome.status == 0)
        #expect(outcome.lines == [])
    }

    @Test("no process outlives a node that ends by itself")
    func drained() async throws {
        let node = try NodeRun(
            #"instances: {a: {command: 'sh -c "exec 3>alive; (trap : TERM; sleep 1000) & echo ready; wait"'}}"#)
        let alive = try node.folder.makePipe("alive")
        async let end = readToEnd(alive)
        let outcome = try await node.ended(after: "ready")
        #expect(outcome.status == 0)
        #expect(await end == "")
    }

    @Test("a flood of output arrives completely and in order")
    func flood() async throws {
        let node = try NodeRun(
            """
            instances:
              flood:
                command: sh -c "seq 1 20000; echo end; exec sleep 100"
                numprocesses: 2
            """)
        let count = Atomic<Int>(0)
        let outcome = try await node { line, pid in
            if line.hasSuffix("| end"), count.add(1, ordering: .relaxed).newValue == 2 { kill(pid, SIGTERM) }
        }
        #expect(outcome.status == 0)
        let expected = (1...20_000).map(String.init) + ["end"]
        #expect(outcome.lines(of: "flood.1") == expected)
        #expect(outcome.lines(of: "flood.2") == expected)
    }

    @Test("a node ends when nobody reads its output any more")
    func unread() async throws {
        let node = try NodeRun(
            #"instances: {a: {command: 'sh -c "exec 3>alive; while :; do echo tick; sleep 0.1; done"'}}"#)
        let alive = try node.folder.makePipe("alive")
        async let end = readToEnd(alive)
        let outcome = try await node.shell("$LYMPH node 2>&1 | head -n 3; true")
        #expect(outcome.status == 0)
        #expect(outcome.lines.count == 3)
        #expect(await end == "")
    }

    @Test(
        "processes accept connections on a socket that the node opened",
        .enabled(if: access("/usr/bin/python3", X_OK) == 0, "NOT TESTED: there is no /usr/bin/python3"))
    func sharedSocket() async throws {
        let port = try freePort()
        let node = try NodeRun(
            """
            instances:
              web:
                command: /usr/bin/python3 server.py
                numprocesses: 2
            sockets:
              main: {host: 127.0.0.1, port: \(port)}
            """)
        try node.folder.write(
            """
            import json, os, socket
            fd = json.loads(os.environ['LYMPH_SHARED_SOCKET_FDS'])['\(port)']
            listener = socket.socket(fileno=fd)
            print('ready', flush=True)
            while True:
                connection, _ = listener.accept()
                print('accepted', connection.recv(100).decode(), flush=True)
                connection.close()
            """, to: "server.py")
        let outcome = try await node { line, pid in
            if line.hasSuffix("ready") { try say("hello", to: port) }
            if line.hasSuffix("accepted hello"), line.hasPrefix("web") { kill(pid, SIGTERM) }
        }
        #expect(outcome.status == 0)
        #expect(outcome.lines.contains { $0.hasSuffix("accepted hello") })
    }

    @Test("the error for a socket names the port that is taken")
    func taken() async throws {
        let (listener, port) = try listen()
        defer { close(listener) }
        let node = try NodeRun(
            "{instances: {a: {command: sleep 100}}, sockets: [{host: 127.0.0.1, port: \(port)}]}")
        let outcome = try await node()
        #expect(outcome.status == 78)
        #expect(outcome.lines == ["lymph: can't listen on 127.0.0.1, port \(port): Address already in use"])
    }

    private func listen() throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && Glibc.listen(descriptor, 8) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isBound)
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private func say(_ text: String, to port: UInt16) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: port)
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        try #require(isConnected)
        #expect(write(descriptor, text, text.utf8.count) == text.utf8.count)
    }

    private func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
