import Foundation
import Testing

/// The real Python lymph 0.15.0, in processes that use the tests' ZooKeeper server.
///
/// It needs the interpreter that `Tests/Interop/setup` prints, in LYMPH_PYTHON.
struct PythonLymph: Sendable {
    let server: ZooKeeperServer
    let chroot: String

    private static let environment = ProcessInfo.processInfo.environment

    /// The interpreter to use.
    static var interpreter: String? { environment["LYMPH_PYTHON"].flatMap { $0.isEmpty ? nil : $0 } }

    /// Runs `body` while a Python service runs. If that ends meanwhile, so does `body`.
    ///
    /// - Parameter interfaces: Names, perhaps with versions, and classes of `Tests/ZooKeeper` or `Tests/Interop/peer`.
    func withService(_ interfaces: [String: String], _ body: @escaping @Sendable () async throws -> Void) async throws {
        let folder = try makeFolder(interfaces)
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = folder.appendingPathComponent("log")
        let running = try start(python(), ["instance", "--loglevel=INFO"], in: folder, output: log)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await body() }
                group.addTask {
                    await running.ended()
                    try Task.checkCancellation()
                    throw EndedEarly()
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch {
            let text = (try? String(contentsOf: log, encoding: .utf8)) ?? "no log"
            let reason = text.split(separator: "\n").last ?? "it is empty"
            Issue.record("The log of Python lymph ends with: \(reason)\n\(text.suffix(3000))")
            await running.end()
            throw error
        }
        await running.end()
    }

    private struct EndedEarly: Error {}

    /// Runs one of Python's own commands and returns what it prints.
    func run(_ arguments: String...) async throws -> String { try await run(arguments, by: python()) }

    /// Runs a command of our `lymph`, with the same configuration, and returns what it prints.
    func runOurs(_ arguments: String...) async throws -> String { try await run(arguments, by: Self.ours) }

    private func run(_ arguments: [String], by program: Program) async throws -> String {
        let folder = try makeFolder([:])
        defer { try? FileManager.default.removeItem(at: folder) }
        let (output, errors) = (folder.appendingPathComponent("output"), folder.appendingPathComponent("errors"))
        let running = try start(program, arguments, in: folder, output: output, errors: errors)
        await running.ended()
        try Task.checkCancellation()
        let text = try String(contentsOf: output, encoding: .utf8)
        let complaints = try String(contentsOf: errors, encoding: .utf8)
        // The reason comes first, so that a log with one line for each failure still shows it.
        let reason = complaints.split(separator: "\n").last ?? "no complaint"
        let end = running.process.terminationReason == .exit ? "status" : "signal"
        try #require(
            running.process.terminationStatus == 0,
            "\(reason) (\(end); lymph \(arguments.joined(separator: " ")))\n\(text)\n\(complaints)")
        return text
    }

    /// The program, and the arguments before the command.
    private struct Program {
        var executable: URL
        var arguments: [String] = []
    }

    private func python() throws -> Program {
        let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return Program(
            executable: URL(fileURLWithPath: try #require(Self.interpreter)),
            arguments: [tests.appendingPathComponent("ZooKeeper/run.py").path])
    }

    /// The executable is next to that of the tests.
    private static let ours = Program(
        executable: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("lymph"))

    private func start(
        _ program: Program, _ arguments: [String], in folder: URL, output: URL, errors: URL? = nil
    ) throws -> LymphProcess {
        let process = LymphProcess()
        process.process.executableURL = program.executable
        // Options must come after the command and before its arguments.
        process.process.arguments =
            program.arguments + [arguments[0], "--config=\(folder.path)/conf.yml"] + arguments.dropFirst()
        process.process.environment = [
            "PATH": Self.environment["PATH"] ?? "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8",
        ]
        for file in [output, errors].compactMap(\.self) { try Data().write(to: file) }
        process.process.standardOutput = try FileHandle(forWritingTo: output)
        process.process.standardError = try FileHandle(forWritingTo: errors ?? output)
        try process.run()
        return process
    }

    private func makeFolder(_ interfaces: [String: String]) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lymph-python-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let lines = interfaces.map { "    \($0.key): {class: \"\($0.value)\"}\n" }.sorted().joined()
        try Data((configuration + (lines.isEmpty ? "" : "interfaces:\n\(lines)")).utf8)
            .write(to: folder.appendingPathComponent("conf.yml"))
        return folder
    }

    private var configuration: String {
        """
        container:
            ip: 127.0.0.1
            registry:
                class: lymph.discovery.zookeeper:ZookeeperServiceRegistry
                zkclient: {class: "kazoo.client:KazooClient", hosts: "127.0.0.1:\(server.port)\(chroot)"}
            events: {class: "lymph.events.null:NullEventSystem"}

        """
    }
}

/// A process that ends with the tests.
private struct LymphProcess: Sendable {
    // A Foundation class that may be used from any thread.
    let process = Process()
    private let lifeline = Pipe()
    private let termination = AsyncStream<Never>.makeStream()

    func run() throws {
        process.standardInput = lifeline
        process.terminationHandler = { [termination] _ in termination.continuation.finish() }
        try process.run()
    }

    func ended() async { for await _ in termination.stream {} }

    func end() async {
        // As an administrator would, so that it leaves the registry.
        if process.isRunning { process.terminate() }
        await ended()
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips tests that need Python if it is not installed.
    static var needsPython: Self {
        .enabled(
            if: PythonLymph.interpreter != nil,
            "NOT TESTED AGAINST PYTHON LYMPH: LYMPH_PYTHON is not set, see Tests/Interop/setup")
    }
}
