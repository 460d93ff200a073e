import Foundation
import Subprocess
import SystemPackage
import Testing

/// The executable `lymph`, run as a person would.
struct Tool: Sendable {
    /// The environment of the process, besides PATH.
    var environment: [String: String] = [:]
    var folder: String?

    /// The result of a process.
    struct Outcome: Sendable {
        let output: String
        let errors: String
        let status: Int32

        /// The lines of standard error.
        var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
    }

    /// The executable is next to that of the tests.
    private static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("lymph").path

    private static let limit = 1 << 22

    func callAsFunction(_ arguments: String..., input: String = "") async throws -> Outcome {
        try await self(arguments, input: input)
    }

    func callAsFunction(_ arguments: [String], input: String = "") async throws -> Outcome {
        let result = try await run(
            .path(FilePath(Self.path)), arguments: Arguments(arguments), environment: variables,
            workingDirectory: folder.map { FilePath($0) }, input: .string(input),
            output: .string(limit: Self.limit), error: .string(limit: Self.limit))
        return Outcome(
            output: result.standardOutput, errors: result.standardError,
            status: Self.code(result.terminationStatus))
    }

    /// Runs it and sends a signal when it has written a line that contains a text.
    func interrupted(_ arguments: String..., by signal: Signal = .interrupt, after text: String) async throws -> Outcome
    {
        let result = try await run(
            .path(FilePath(Self.path)), arguments: Arguments(arguments), environment: variables,
            workingDirectory: folder.map { FilePath($0) }, input: .none, output: .sequence,
            error: .string(limit: Self.limit)
        ) { execution in
            var lines: [String] = []
            var isSent = false
            for try await line in execution.standardOutput.strings() {
                lines.append(line)
                if !isSent, line.contains(text) {
                    isSent = true
                    try execution.send(signal: signal)
                }
            }
            return lines.joined(separator: "\n")
        }
        return Outcome(
            output: result.closureResult, errors: result.standardError,
            status: Self.code(result.terminationStatus))
    }

    /// Runs it with a silent standard input, and sends SIGTERM once it has a handler for that.
    ///
    /// - Parameter isTime: Becomes true when it may be sent.
    func ended(
        _ arguments: [String], when isTime: @escaping @Sendable () async -> Bool = { true }
    ) async throws -> Outcome {
        let result = try await run(
            .path(FilePath(Self.path)), arguments: Arguments(arguments), environment: variables,
            workingDirectory: folder.map { FilePath($0) }, input: .inputWriter, output: .string(limit: Self.limit),
            error: .string(limit: Self.limit)
        ) { execution in
            let status = "/proc/\(execution.processIdentifier.value)/status"
            while !Self.isCaught(SIGTERM, in: try String(contentsOfFile: status, encoding: .utf8)) {
                try await Task.sleep(for: .milliseconds(5))
            }
            while await !isTime() { try await Task.sleep(for: .milliseconds(5)) }
            try execution.send(signal: .terminate)
        }
        return Outcome(
            output: result.standardOutput, errors: result.standardError, status: Self.code(result.terminationStatus))
    }

    /// Whether a process has a handler for a signal.
    private static func isCaught(_ signal: Int32, in status: String) -> Bool {
        let line = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
        let mask = line.flatMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) }
        return mask.map { $0 >> UInt64(signal - 1) & 1 == 1 } ?? false
    }

    /// Runs a line of shell in which `$LYMPH` is the executable.
    func shell(_ line: String) async throws -> Outcome {
        let result = try await run(
            .path("/bin/sh"), arguments: ["-c", line], environment: variables,
            workingDirectory: folder.map { FilePath($0) }, output: .string(limit: Self.limit),
            error: .string(limit: Self.limit))
        return Outcome(
            output: result.standardOutput, errors: result.standardError,
            status: Self.code(result.terminationStatus))
    }

    /// Runs it on a terminal that can show colours, and presses the interrupt key once a given text appears there.
    ///
    /// - Returns: The outcome, whose output is everything that was sent to the terminal.
    func onTerminal(
        _ arguments: String..., interruptedWhen isTime: @escaping @Sendable (String) -> Bool = { _ in false }
    ) async throws -> Outcome {
        let quoted = arguments.map { "'\($0)'" }.joined(separator: " ")
        let result = try await run(
            .path("/usr/bin/script"), arguments: ["-q", "-e", "-c", "\"$LYMPH\" \(quoted)", "/dev/null"],
            environment: variables(["TERM": "xterm"]), workingDirectory: folder.map { FilePath($0) },
            input: .inputWriter,
            output: .sequence, error: .string(limit: Self.limit)
        ) { execution in
            var bytes: [UInt8] = []
            var isPressed = false
            for try await buffer in execution.standardOutput {
                bytes += buffer.withUnsafeBytes(Array.init)
                if !isPressed, isTime(String(decoding: bytes, as: UTF8.self)) {
                    isPressed = true
                    _ = try await execution.standardInputWriter.write([3])
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        return Outcome(
            output: result.closureResult, errors: result.standardError, status: Self.code(result.terminationStatus))
    }

    /// The process of a run that is not started yet, with nothing to read and no standard error.
    func process(_ arguments: [String], output: Pipe) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: Self.path)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = folder.map { URL(filePath: $0) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        return process
    }

    private var variables: Environment { variables([:]) }

    private func variables(_ others: [String: String]) -> Environment {
        let own = environment.merging(others.merging(["PATH": "/usr/bin:/bin", "LYMPH": Self.path]) { $1 }) { own, _ in
            own
        }
        return .custom(Dictionary(uniqueKeysWithValues: own.map { (Environment.Key(stringLiteral: $0), $1) }))
    }

    private static func code(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): Int32(code)
        case .signaled(let code): 128 + Int32(code)
        }
    }
}

/// A folder that is removed with its test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("lymph-cli-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        path = url.path
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path).appendingPathComponent(name))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
