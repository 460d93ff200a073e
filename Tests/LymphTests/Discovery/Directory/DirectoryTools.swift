import Foundation
import Testing

@testable import Lymph

/// A file written and locked by somebody else.
final class LockedFile {
    let path: String
    private let descriptor: Int32

    convenience init(_ path: String, _ document: String) throws {
        try self.init(path, Array(document.utf8), isLocked: true)
    }

    init(_ path: String, _ bytes: [UInt8], isLocked: Bool) throws {
        self.path = path
        descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        if isLocked { try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0) }
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    func unlock() {
        flock(descriptor, LOCK_UN)
    }

    deinit {
        close(descriptor)
    }
}

/// The files that this process has open in a directory, because other tests open others meanwhile.
struct OpenFiles: Equatable {
    var files = 0
    var watches = 0

    static func count(in path: String) -> OpenFiles {
        var status = stat()
        lstat(path, &status)
        let inode = "ino:\(String(status.st_ino, radix: 16)) "
        var counts = OpenFiles()
        for number in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")) ?? ""
            if target.hasPrefix(path) { counts.files += 1 }
            guard target.contains("inotify") else { continue }
            let info = (try? String(contentsOfFile: "/proc/self/fdinfo/\(number)", encoding: .utf8)) ?? ""
            if info.contains(inode) { counts.watches += 1 }
        }
        return counts
    }
}

/// Another process that publishes instances of "echo" in a directory.
final class Holder: Sendable {
    private static let script = """
        import fcntl, json, os, signal, sys, uuid
        signal.pthread_sigmask(signal.SIG_SETMASK, [])  # dispatch's threads block signals, and this inherits it
        directory, held = sys.argv[1], []
        os.makedirs(directory, 0o700, exist_ok=True)
        for port in sys.argv[2:]:
            token = uuid.uuid4().hex
            temporary = "%s/.%s.tmp" % (directory, token)
            fd = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            fcntl.flock(fd, fcntl.LOCK_EX)
            os.write(fd, json.dumps({"id": "echo-" + port, "endpoint": "tcp://127.0.0.1:" + port}).encode())
            os.rename(temporary, "%s/echo~%s.json" % (directory, token))
            held.append(fd)
        os.write(1, b"ready ")
        sys.stdin.read()
        """

    static let isAvailable = (try? run(["-c", ""])) == 0

    private let process: Int32
    private let ended: AsyncStream<Void>
    // It waits for the end of its input, so that it can't outlive the tests.
    private let input: Pipe

    init(path: String, ports: ClosedRange<Int>) async throws {
        let process = Process()
        let output = Pipe()
        input = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.script, path] + ports.map(String.init)
        process.standardInput = input
        process.standardOutput = output
        let (ended, signal) = AsyncStream.makeStream(of: Void.self)
        self.ended = ended
        process.terminationHandler = { _ in signal.finish() }
        try process.run()
        self.process = process.processIdentifier
        let reading = output.fileHandleForReading
        let line = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: reading.availableData) }
        }
        try #require(String(decoding: line, as: UTF8.self) == "ready ")
    }

    func kill(_ signal: Int32) {
        Foundation.kill(process, signal)
    }

    /// Waits until the process has ended.
    func end() async {
        for await _ in ended {}
    }

    private static func run(_ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
