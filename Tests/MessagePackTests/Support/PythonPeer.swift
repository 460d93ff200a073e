import Foundation
import Testing

/// Runs `Tests/Interop/msgpack_differential.py` with the interpreter that the environment variable LYMPH_PYTHON names.
enum PythonPeer {
    private static var interpreter: String? { ProcessInfo.processInfo.environment["LYMPH_PYTHON"] }

    /// Whether to run: there is an interpreter, or there must be one.
    static var isWanted: Bool { interpreter != nil || ProcessInfo.processInfo.environment["CI"] != nil }

    static let missing: Comment =
        "NOT COMPARED WITH PYTHON: set LYMPH_PYTHON to an interpreter that has the packages lymph and msgpack"

    /// Runs the script and returns the lines that it prints.
    static func run(_ arguments: [String], input: [String] = []) throws -> [String] {
        let interpreter = try #require(interpreter, "LYMPH_PYTHON is not set, but CI is")
        let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let script = tests.appendingPathComponent("Interop/msgpack_differential.py").path

        // Files instead of pipes, so that neither side can block the other, however much they write.
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (inputFile, outputFile) = (folder.appendingPathComponent("in"), folder.appendingPathComponent("out"))
        try Data(input.map { $0 + "\n" }.joined().utf8).write(to: inputFile)
        try Data().write(to: outputFile)

        let process = Process()
        process.executableURL = URL(fileURLWithPath: interpreter)
        process.arguments = [script] + arguments
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "the script failed")
        let output = try String(decoding: Data(contentsOf: outputFile), as: UTF8.self)
        return output.split(separator: "\n").map(String.init)
    }
}
