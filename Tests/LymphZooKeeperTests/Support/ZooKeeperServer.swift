import Foundation
import FreePort
import Logging
import Lymph
import LymphZooKeeper
import Testing

/// A standalone ZooKeeper server for the tests, on a free port, with its data in a temporary folder.
///
/// It needs the class path that `Tests/ZooKeeper/setup` prints, in the environment variable LYMPH_ZOOKEEPER. Without it
/// the suites that need a server are skipped, and say so; if the variable CI is set, that is an error.
final class ZooKeeperServer: Sendable {
    let port: UInt16
    private let folder: URL
    private let running: Running

    private static let environment = ProcessInfo.processInfo.environment

    /// What java needs to find the server.
    static var classPath: String? { environment["LYMPH_ZOOKEEPER"].flatMap { $0.isEmpty ? nil : $0 } }

    /// Whether skipping tests is an error because nobody would notice it.
    static var isRequired: Bool { environment["CI"].map { !["", "0", "false"].contains($0) } ?? false }

    private init() throws {
        port = try freePort()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("lymph-zookeeper-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        running = Running()
        // Sessions may have any timeout that a test needs; forced disk synchronisation would only cost time.
        let configuration = """
            tickTime=100
            minSessionTimeout=200
            maxSessionTimeout=60000
            dataDir=\(folder.path)
            clientPort=\(port)
            clientPortAddress=127.0.0.1
            maxClientCnxns=0
            admin.enableServer=false
            4lw.commands.whitelist=*
            forceSync=no
            """
        try Data(configuration.utf8).write(to: folder.appendingPathComponent("zoo.cfg"))
        try Data().write(to: folder.appendingPathComponent("log"))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The server shared by tests that leave it running. It ends with the process.
    static func shared() async throws -> ZooKeeperServer { try await Shared.instance.server() }

    /// Starts a server, and ends it after `body`, even if that throws.
    static func with<R>(_ body: (ZooKeeperServer) async throws -> R) async throws -> R {
        let server = try await launch()
        do {
            let result = try await body(server)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    fileprivate static func launch() async throws -> ZooKeeperServer {
        var attempts = 1
        while true {
            let server = try ZooKeeperServer()
            do {
                try await server.start()
                return server
            } catch {
                await server.stop()
                attempts += 1
                // Another process may have taken the port since it was chosen.
                guard attempts <= 3 else { throw StartError(description: "\(error)\n\(server.log())") }
            }
        }
    }

    /// Starts the server, on the port and with the data that it had before, and returns when it answers.
    func start() async throws {
        try await running.start(folder: folder, classPath: #require(Self.classPath))
        var timeout = Duration.milliseconds(500)
        while true {
            // A server that is starting accepts connections that it never answers, so each attempt makes a new one.
            let registry = try registry(sessionTimeout: .seconds(10), connectTimeout: timeout)
            do {
                _ = try await registry.services()
                return await registry.close()
            } catch {
                guard timeout < .seconds(16) else { throw error }
                timeout *= 2
            }
        }
    }

    private func log() -> String {
        (try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)) ?? "no log"
    }

    private struct StartError: Error, CustomStringConvertible { let description: String }

    /// Kills the server as if its machine had lost power, and returns when it is gone.
    func stop() async { await running.stop() }

    /// Removes the data of a stopped server.
    func forgetEverything() throws {
        try FileManager.default.removeItem(at: folder.appendingPathComponent("version-2"))
    }

    /// A registry on this server.
    func registry(
        chroot: String = "/lymph", sessionTimeout: Duration = .seconds(10), connectTimeout: Duration = .seconds(20),
        credentials: [ZooKeeperConfiguration.Credential] = [], isReadOnly: Bool = false, logger: Logger = .silent
    ) throws -> ZooKeeperRegistry {
        try ZooKeeperRegistry(
            .init(
                hosts: "127.0.0.1:\(port)", chroot: chroot, sessionTimeout: sessionTimeout,
                connectTimeout: connectTimeout, credentials: credentials, isReadOnly: isReadOnly), logger: logger)
    }
}

/// The process of a server, if it runs.
private actor Running {
    private var current: (process: Process, lifeline: Pipe, ended: AsyncStream<Never>)?

    func start(folder: URL, classPath: String) throws {
        let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let process = Process()
        let lifeline = Pipe()
        process.executableURL = tests.appendingPathComponent("ZooKeeper/server")
        process.arguments = [classPath, folder.appendingPathComponent("zoo.cfg").path]
        process.standardInput = lifeline
        let log = try FileHandle(forWritingTo: folder.appendingPathComponent("log"))
        try log.seekToEnd()
        process.standardOutput = log
        process.standardError = log
        let (ended, continuation) = AsyncStream<Never>.makeStream()
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        current = (process, lifeline, ended)
    }

    func stop() async {
        guard let (_, lifeline, ended) = current else { return }
        current = nil
        try? lifeline.fileHandleForWriting.close()
        for await _ in ended {}
    }
}

/// Starts the shared server once.
private actor Shared {
    static let instance = Shared()
    private var starting: Task<ZooKeeperServer, any Error>?

    func server() async throws -> ZooKeeperServer {
        let task = starting ?? Task { try await ZooKeeperServer.launch() }
        starting = task
        return try await task.value
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension Trait where Self == ConditionTrait {
    /// Skips tests that need a ZooKeeper server if there is none.
    static var needsZooKeeper: Self {
        .enabled(
            if: ZooKeeperServer.classPath != nil,
            "NOT TESTED AGAINST ZOOKEEPER: LYMPH_ZOOKEEPER is not set, see Tests/ZooKeeper/setup")
    }
}
