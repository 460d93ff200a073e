import Foundation
import Subprocess
import SystemPackage
import Testing

/// A run of `lymph node` in its own folder, whose lines are read as they come.
struct NodeRun: Sendable {
    /// The result of a run.
    struct Outcome: Sendable {
        /// What the node and its processes wrote, both streams together.
        let lines: [String]
        /// As a shell sees it: 128 plus the number of the signal, if a signal ended the node.
        let status: Int32

        /// The lines of one process, without its name.
        func lines(of process: String) -> [String] {
            lines.compactMap { line in
                guard line.hasPrefix(process), let bar = line.firstRange(of: " | ") else { return nil }
                return String(line[bar.upperBound...])
            }
        }
    }

    let folder: NodeFolder
    private let arguments: [String]

    /// - Parameter configuration: The text of `.lymph.yml`, if there is to be one.
    init(_ configuration: String?, _ arguments: String...) throws {
        folder = try NodeFolder()
        if let configuration { try folder.write(configuration, to: ".lymph.yml") }
        self.arguments = ["node"] + arguments
    }

    /// Runs the node to its end; `react` sees every line and may send signals.
    func callAsFunction(
        _ react: @escaping @Sendable (String, pid_t) throws -> Void = { _, _ in }
    ) async throws -> Outcome {
        try await run(Self.path, arguments, react)
    }

    /// Runs a line of shell in which `$LYMPH` is the executable.
    func shell(_ line: String) async throws -> Outcome {
        try await run("/bin/sh", ["-c", line]) { _, _ in }
    }

    private func run(
        _ path: String, _ arguments: [String], _ react: @escaping @Sendable (String, pid_t) throws -> Void
    ) async throws -> Outcome {
        let variables: [Environment.Key: String] = ["PATH": "/usr/bin:/bin", "LYMPH": Self.path]
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments), environment: .custom(variables),
            workingDirectory: FilePath(folder.path), input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
            let pid = execution.processIdentifier.value
            var lines: [String] = []
            for try await line in execution.standardOutput.strings() {
                lines.append(line)
                try react(line, pid)
            }
            return lines
        }
        let status =
            switch result.terminationStatus {
            case .exited(let code): Int32(code)
            case .signaled(let number): 128 + Int32(number)
            }
        return Outcome(lines: result.closureResult, status: status)
    }

    /// Runs the node, and ends it when a line contains a text.
    func ended(by number: Int32 = SIGTERM, after text: String) async throws -> Outcome {
        try await self { line, pid in if line.contains(text) { kill(pid, number) } }
    }

    /// The executable is next to that of the tests.
    private static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("lymph").path
}

/// A folder that is removed with its test.
final class NodeFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("lymph-node-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path).appendingPathComponent(name))
    }

    /// Makes a named pipe in the folder.
    func makePipe(_ name: String) throws -> String {
        let file = path + "/" + name
        try #require(mkfifo(file, 0o600) == 0)
        return file
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
