import Foundation
import Lymph
import Testing

/// An executable of this package, run as a process that is killed when the test is over.
final class ServiceProcess: Sendable {
    private let process: Process
    private let isFirst: Bool
    private let lines: AsyncStream<String>
    private let status: AsyncStream<Int32>

    /// The folder that executables are built into, including that of the tests.
    private static var products: URL {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// Starts an executable. It doesn't inherit the environment of the tests.
    ///
    /// - Parameters:
    ///   - log: Where standard error goes, if it is not read here.
    ///   - isFirst: Whether it is the first process of a namespace, as in a container.
    ///   - descriptors: How many descriptors it may have open, as the options and the number of `ulimit`.
    convenience init(
        _ name: String, _ arguments: [String], in folder: Folder, environment: [String: String] = [:],
        log: FileHandle? = nil, isFirst: Bool = false, descriptors: String? = nil
    ) throws {
        let program = Self.products.appending(path: name)
        let limited = descriptors.map { ["-c", "ulimit \($0); exec \"$0\" \"$@\"", program.path] } ?? []
        try self.init(
            limited.isEmpty ? program : URL(filePath: "/bin/sh"), limited + arguments, in: folder,
            environment: environment, log: log, isFirst: isFirst)
    }

    /// Starts a line of shell in which `$0` is an executable.
    convenience init(shell line: String, _ name: String, in folder: Folder) throws {
        let program = Self.products.appending(path: name).path
        try self.init(
            URL(filePath: "/bin/sh"), ["-c", line, program], in: folder, environment: [:], log: nil, isFirst: false)
    }

    private init(
        _ executable: URL, _ arguments: [String], in folder: Folder, environment: [String: String], log: FileHandle?,
        isFirst: Bool
    ) throws {
        let process = Process()
        process.executableURL = isFirst ? Namespaces.program : executable
        process.arguments = isFirst ? Namespaces.arguments + [executable.path] + arguments : arguments
        self.isFirst = isFirst
        process.currentDirectoryURL = URL(filePath: folder.path)
        process.environment = ["LYMPH_REGISTRY_DIR": "\(folder.path)/registry"].merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let (status, ended) = AsyncStream<Int32>.makeStream()
        self.status = status
        process.terminationHandler = { process in
            ended.yield(process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus)
            ended.finish()
        }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = log ?? pipe
        let (lines, incoming) = AsyncStream<String>.makeStream()
        self.lines = lines
        self.process = process
        try withoutBlockedSignals { try process.run() }
        // A thread that reads until the end: Foundation's `readabilityHandler` sometimes misses the end of a process
        // that ends soon.
        let output = pipe.fileHandleForReading
        Thread.detachNewThread {
            var splitter = Splitter(incoming)
            var data = output.availableData
            while !data.isEmpty {
                splitter.take(data)
                data = output.availableData
            }
            splitter.finish()
        }
    }

    deinit { if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) } }

    func signal(_ signal: Int32) {
        let id = process.processIdentifier
        Foundation.kill(isFirst ? Namespaces.child(of: id) ?? id : id, signal)
    }

    /// How many descriptors it may have open now.
    var descriptors: Int? {
        let limits = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/limits", encoding: .utf8)
        let line = limits?.split(separator: "\n").first { $0.hasPrefix("Max open files") }
        return line.flatMap { $0.split(separator: " ").dropFirst(3).first }.flatMap { Int($0) }
    }

    var id: Int32 { process.processIdentifier }

    /// The exit status; negative for a signal.
    func exitStatus() async -> Int32? {
        for await status in status { return status }
        return nil
    }

    /// The next line that contains a text.
    func line(_ text: String) async -> String? {
        for await line in lines where line.contains(text) { return line }
        return nil
    }

    /// All lines to the end.
    func rest() async -> [String] {
        var all: [String] = []
        for await line in lines { all.append(line) }
        return all
    }

    /// The address that the service logs when it serves.
    func endpoint() async throws -> String {
        let line = try #require(await line("serving"))
        let field = try #require(line.split(separator: " ").first { $0.hasPrefix("endpoint=") })
        return String(field.dropFirst("endpoint=".count))
    }
}

/// Dispatch's threads block signals, and a process that they start would inherit that.
private func withoutBlockedSignals<R>(_ body: () throws -> R) rethrows -> R {
    var (none, before) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return try body()
}

/// Processes that are the first ones of their namespace.
enum Namespaces {
    static let program = URL(filePath: "/usr/bin/unshare")
    static let arguments = ["--user", "--map-root-user", "--pid", "--fork", "--kill-child", "--mount-proc"]

    /// Whether this machine allows them.
    static let exist: Bool = {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments + ["true"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    static func child(of parent: Int32) -> Int32? {
        let children = try? String(contentsOfFile: "/proc/\(parent)/task/\(parent)/children", encoding: .utf8)
        return children?.split(separator: " ").first.flatMap { Int32($0) }
    }
}

/// Joins chunks of output into lines.
private struct Splitter {
    private var rest = Data()
    private let lines: AsyncStream<String>.Continuation

    init(_ lines: AsyncStream<String>.Continuation) {
        self.lines = lines
    }

    mutating func take(_ data: Data) {
        rest += data
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines.yield(String(decoding: rest[..<end], as: UTF8.self))
            rest = rest[rest.index(after: end)...]
        }
    }

    func finish() {
        if !rest.isEmpty { lines.yield(String(decoding: rest, as: UTF8.self)) }
        lines.finish()
    }
}

extension Folder {
    /// A client that finds the services of this folder.
    func client() -> Client { Client(registry: registry) }

    var registry: DirectoryRegistry { DirectoryRegistry(path: "\(path)/registry") }
}
