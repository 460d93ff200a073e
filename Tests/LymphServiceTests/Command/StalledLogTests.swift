import Foundation
import Glibc
import Lymph
import LymphService
import Testing

/// Services that log to a full pipe that nobody reads.
@Suite("A service whose log nobody reads", .timeLimit(.minutes(2)))
struct StalledLogTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// A small named pipe that is open for reading, but that nobody reads.
    private final class StalledReader: Sendable {
        let path: String
        private let descriptor: Int32

        init(_ path: String) throws {
            self.path = path
            try #require(mkfifo(path, 0o600) == 0)
            descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
            // F_SETPIPE_SZ
            try #require(fcntl(descriptor, 1031, 4096) == 4096)
        }

        deinit { close(descriptor) }

        /// Whether the pipe is full.
        var isFull: Bool {
            var item = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            return poll(&item, 1, 0) == 0
        }
    }

    /// A service that logs to a pipe, and its address.
    private func start(_ reader: StalledReader, isFile: Bool) async throws -> (ServiceProcess, String) {
        let log: FileHandle = try #require(FileHandle(forWritingAtPath: reader.path))
        let process =
            try isFile
            ? ServiceProcess("Echo", ["--logfile", reader.path], in: folder)
            : ServiceProcess("Echo", [], in: folder, log: log)
        while true {
            let found = try? await folder.registry.instances(of: "echo").first { !$0.isEmpty }
            if let endpoint = found?.first?.endpoint { return (process, endpoint.description) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Makes the service log more than its pipe holds, and expects that everything is answered.
    private func flood(_ endpoint: String, _ client: Client, _ reader: StalledReader) async throws {
        let proxy = client.proxy(endpoint, interface: "echo", timeout: .seconds(60))
        let method = String(repeating: "nosuch", count: 60)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    for _ in 0..<150 {
                        // Not #expect(throws:), which takes a millisecond to describe each error.
                        do {
                            let text: String = try await proxy.call(method)
                            Issue.record("an unknown method has answered \(text)")
                        } catch let error as LymphError where error.code == .nack {}
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(reader.isFull)
        let pong: String = try await client.proxy(endpoint, interface: "lymph", timeout: .seconds(60))
            .ping(payload: "pong")
        #expect(pong == "pong")
    }

    @Test("answers all calls, and ends at SIGTERM with status 0", arguments: [false, true])
    func drains(isFile: Bool) async throws {
        let reader = try StalledReader("\(folder.path)/fifo")
        let (process, endpoint) = try await start(reader, isFile: isFile)
        try await withClient(folder.client()) { try await flood(endpoint, $0, reader) }
        process.signal(SIGTERM)
        #expect(await process.exitStatus() == 0)
    }

    @Test("is ended by a later signal while it waits for running requests", arguments: [false, true])
    func forced(isFile: Bool) async throws {
        try folder.write("container: {drain_timeout: 1h}", to: ".lymph.yml")
        let reader = try StalledReader("\(folder.path)/fifo")
        let (process, endpoint) = try await start(reader, isFile: isFile)
        try await withClient(folder.client()) { client in
            try await flood(endpoint, client, reader)
            let slow = client.proxy("echo", timeout: .seconds(60)).defer("sleep", seconds: 3600.0)
            try await client.waitUntilRunning("echo")
            async let status = process.exitStatus()
            // As often as needed: signals that come together may count once.
            let signals = Task {
                while !Task.isCancelled {
                    process.signal(SIGTERM)
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            #expect(await status == 128 + SIGTERM)
            signals.cancel()
            slow.cancel()
            _ = await slow.result
        }
    }
}
