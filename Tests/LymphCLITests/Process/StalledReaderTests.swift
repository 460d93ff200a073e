import Foundation
import Glibc
import Lymph
import MessagePack
import Testing

/// Commands that write to a full pipe that nobody reads.
@Suite("Commands whose output nobody reads", .timeLimit(.minutes(2)))
struct StalledReaderTests {
    /// Runs the tool on a full pipe, sends it a signal after a number of calls, and returns its status.
    private func status(
        _ fleet: EchoFleet, _ arguments: String..., ending signal: Int32, afterCalls count: Int
    ) async throws -> Int32 {
        let pipe = Pipe()
        let output = pipe.fileHandleForWriting.fileDescriptor
        // F_SETPIPE_SZ
        try #require(fcntl(output, 1031, 4096) == 4096)
        try #require(write(output, [UInt8](repeating: 0x20, count: 4096), 4096) == 4096)
        let process = fleet.tool.process(arguments, output: pipe)
        let (ends, end) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { process in
            end.yield(process.terminationStatus + (process.terminationReason == .exit ? 0 : 128))
        }
        return try await withClient(Client(registry: fleet.registry)) { client in
            try process.run()
            defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
            // Our own calls are counted, too.
            var asked = 0
            while try await answered(by: client) - asked < count {
                asked += 1
                try await Task.sleep(for: .milliseconds(20))
            }
            kill(process.processIdentifier, signal)
            let status = await ends.first { _ in true }
            withExtendedLifetime(pipe) {}
            return try #require(status)
        }
    }

    /// How many requests the service has answered.
    private func answered(by client: Client) async throws -> Int {
        let metrics: [Value] = try await client.proxy("echo", interface: "lymph", timeout: .seconds(60))
            .call("get_metrics")
        return metrics.filter { $0[0] == "lymph.server.requests" }.reduce(0) { $0 + Int($1[1]?.intValue ?? 0) }
    }

    @Test("ping keeps calling, and ends when it is interrupted")
    func ping() async throws {
        try await EchoFleet.with { fleet in
            let status = try await status(
                fleet, "ping", "echo", "--interval", "0.001", ending: SIGINT, afterCalls: 300)
            #expect(status == 0)
        }
    }

    @Test("ping waits for its reader after the last call, and can be interrupted")
    func counted() async throws {
        try await EchoFleet.with { fleet in
            let status = try await status(
                fleet, "ping", "echo", "--interval", "0.001", "--count", "10", ending: SIGTERM, afterCalls: 10)
            #expect(status == 0)
        }
    }

    @Test("request -N waits for its reader, and can be interrupted")
    func load() async throws {
        try await EchoFleet.with { fleet in
            // One more is sent first, to see whether it works.
            let status = try await status(
                fleet, "request", "echo.upper", #"{"text": "foo"}"#, "-N", "100", "-C", "10", ending: SIGTERM,
                afterCalls: 101)
            #expect(status == 130)
        }
    }
}
