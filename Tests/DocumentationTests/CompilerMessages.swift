import Foundation

/// What the compiler says about the files in `Mistakes`, next to what their comments expect: under a line with a mistake,
///
/// ```
/// // error at `text)`: cannot convert value of type 'Int'
/// ```
///
/// stands for an error at the first `text)` of that line, whose text contains what follows.
struct CompilerMessages {
    struct Message: CustomStringConvertible {
        let file: String
        let line: Int
        let column: Int
        let kind: String
        let text: String

        var description: String { "\(file):\(line):\(column): \(kind): \(text)" }

        func matches(_ expected: Message) -> Bool {
            (file, line, column, kind) == (expected.file, expected.line, expected.column, expected.kind)
                && text.contains(expected.text)
        }
    }

    /// The comments of a file.
    static func expected(in source: String, file: String) -> [Message] {
        var messages: [Message] = []
        var code = (number: 0, text: Substring())
        for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let comment = line.firstMatch(of: /^ *\/\/ (error|warning|note) at `([^`]+)`: (.+)$/) else {
                code = (index + 1, line)
                continue
            }
            // Column 0, which no message has, if the line doesn't have that text.
            let column = code.text.firstRange(of: comment.2).map { code.text[..<$0.lowerBound].utf8.count + 1 } ?? 0
            messages.append(
                Message(
                    file: file, line: code.number, column: column, kind: String(comment.1), text: String(comment.3)))
        }
        return messages
    }

    /// The messages in the compiler's output that are about one of our files.
    static func reported(in output: String) -> [Message] {
        output.split(separator: "\n").compactMap { line in
            guard let match = line.firstMatch(of: /([^\/]+\.swift):(\d+):(\d+): (error|warning|note): (.+)$/),
                line.contains("/Mistakes/")
            else { return nil }
            return Message(
                file: String(match.1), line: Int(match.2) ?? 0, column: Int(match.3) ?? 0, kind: String(match.4),
                text: String(match.5))
        }
    }

    /// Type-checks files against the modules that the tests were built with.
    static func compile(_ files: [URL], package: URL) async throws -> String {
        // The executable of the tests is in the build folder.
        let modules = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "Modules")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [
                "swiftc", "-typecheck", "-parse-as-library", "-wmo", "-swift-version", "6", "-module-name", "Mistakes",
                "-diagnostic-style", "llvm", "-no-color-diagnostics", "-I", modules.path, "-I",
                package.appending(path: "Sources/CZeroMQ").path,
            ] + files.map(\.path)
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
