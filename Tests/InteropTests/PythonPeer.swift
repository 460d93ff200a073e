import Foundation
import FreePort
import Lymph
import Testing

/// A process of the real Python lymph 0.15.0, which serves what is in `Tests/Interop/peer`.
///
/// It needs the interpreter that `Tests/Interop/setup` installs, by the environment variable LYMPH_PYTHON:
///
///     LYMPH_PYTHON=$(Tests/Interop/setup | tail -n 1) swift test --filter InteropTests
///
/// Without it the suites that need Python are skipped, and say so; if the variable CI is set, that is an error.
///
/// A suite with the trait `.python` has one process for all of its tests (see ``Python``). The process gets a port of
/// its own, a folder for its configuration and log, and a pipe as standard input, which tells it when the tests
/// have ended. With the trait `.pythonLog` every failure includes the end of the log. With LYMPH_INTEROP_KEEP set, the
/// folders are kept among the temporary files.
final class PythonPeer: Sendable {
    /// Where the process serves.
    let endpoint: Endpoint

    private let process = Process()
    private let lifeline = Pipe()
    private let folder: URL
    private let ended: AsyncStream<Never>

    private static let environment = ProcessInfo.processInfo.environment

    /// The interpreter to use.
    static var interpreter: String? { environment["LYMPH_PYTHON"].flatMap { $0.isEmpty ? nil : $0 } }

    /// Whether skipping tests is an error because nobody would notice it.
    static var isRequired: Bool { environment["CI"].map { !["", "0", "false"].contains($0) } ?? false }

    private init(port: UInt16) throws {
        endpoint = try Endpoint(host: "127.0.0.1", port: port)
        let interpreter = try #require(Self.interpreter)
        let manager = FileManager.default
        folder = manager.temporaryDirectory.appendingPathComponent("lymph-interop-\(UUID().uuidString)")
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        let configuration = folder.appendingPathComponent("conf.yml")
        try Data(Self.configuration.utf8).write(to: configuration)
        let log = folder.appendingPathComponent("log")
        try Data().write(to: log)

        let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent()
        let peer = tests.appendingPathComponent("Interop/peer")
        process.executableURL = URL(fileURLWithPath: interpreter)
        process.arguments = [
            peer.appendingPathComponent("run.py").path, "instance", "--config=\(configuration.path)", "--port=\(port)",
            "--loglevel=INFO",
        ]
        // The caller's environment must not change what Python does, and Python must not write caches into the tree.
        process.environment = [
            "PATH": Self.environment["PATH"] ?? "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTHONIOENCODING": "utf-8",
        ]
        process.standardInput = lifeline
        let output = try FileHandle(forWritingTo: log)
        process.standardOutput = output
        process.standardError = output
        let (ended, continuation) = AsyncStream<Never>.makeStream()
        self.ended = ended
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
    }

    /// Starts a process and returns when it answers.
    ///
    /// - Parameters:
    ///   - port: Its port; by default one that was free a moment ago.
    ///   - client: Asks whether it answers.
    static func start(at port: UInt16? = nil, askedBy client: Client) async throws -> PythonPeer {
        var attempts = 0
        while true {
            let peer = try PythonPeer(port: port ?? freePort())
            do {
                try await peer.answers(client)
                return peer
            } catch {
                let log = peer.log()
                await peer.kill()
                attempts += 1
                // Another process may have taken the port since it was chosen.
                guard port == nil, attempts < 5, log.contains("Address already in use") else {
                    throw PeerError(description: "Python lymph did not start: \(error)\n\(log)")
                }
            }
        }
    }

    /// Returns when the process answers.
    private func answers(_ client: Client) async throws {
        let lymph = client.proxy(endpoint.description, interface: "lymph", timeout: .milliseconds(500))
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            do {
                try await lymph.call("ping", payload: "ready")
                return
            } catch let error as LymphError {
                guard process.isRunning, .now < deadline else { throw error }
            }
        }
    }

    /// Kills the process as if its machine had lost power, and returns when it is gone.
    func kill() async {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
        for await _ in ended {}
        if Self.environment["LYMPH_INTEROP_KEEP"] == nil { try? FileManager.default.removeItem(at: folder) }
    }

    /// Runs `body` and ends the process, whether it throws or not.
    static func ending(_ peer: PythonPeer, after body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            await peer.kill()
            throw error
        }
        await peer.kill()
    }

    /// The last lines of the process's log.
    func log() -> String {
        let text = (try? Data(contentsOf: folder.appendingPathComponent("log"))).map {
            String(decoding: $0, as: UTF8.self)
        }
        // Each request logs one line when it begins and one when it ends; the latter is less useful.
        let lines = (text ?? "no log").split(separator: "\n").filter { !$0.contains("duration=") }
        return lines.suffix(30).joined(separator: "\n")
    }

    private static let configuration = """
        container:
            ip: 127.0.0.1
            registry: {class: "lymph.discovery.static:StaticServiceRegistry"}
            events: {class: "lymph.events.null:NullEventSystem"}
        interfaces:
            echo: {class: "echo:Echo"}
            caller: {class: "caller:Caller"}
            versioned@1.5.0: {class: "echo:Versioned"}
            versioned@2.0.0: {class: "echo:Versioned"}
        """
}

/// Python lymph did not do what the tests need.
struct PeerError: Error, CustomStringConvertible {
    let description: String
}
