import Foundation
import Testing

/// What somebody reads who makes one of the likely mistakes in an interface.
@Suite("Messages of the compiler", .timeLimit(.minutes(15)))
struct CompilerMessageTests {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardized

    private static func files() throws -> [URL] {
        let folder = package.appending(path: "Tests/DocumentationTests/Mistakes")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "swift" }.sorted { $0.path < $1.path }
    }

    /// How the compiler begins when it can't tell what is wrong.
    private static let vague = [
        "no exact matches", "ambiguous use", "reasonable time", "failed to produce", "same shape",
    ]

    @Test("each mistake is reported where it is, in words that name it")
    func messages() async throws {
        let files = try Self.files()
        #expect(files.count >= 10)
        let output = try await CompilerMessages.compile(files, package: Self.package)
        let all = CompilerMessages.reported(in: output)
        #expect(!all.isEmpty, "\(output)")
        for file in files {
            let name = file.lastPathComponent
            let reported = all.filter { $0.file == name }
            let expected = CompilerMessages.expected(in: try String(contentsOf: file, encoding: .utf8), file: name)
            #expect(!expected.isEmpty, "\(name) expects nothing")
            for message in expected {
                #expect(reported.contains { $0.matches(message) }, "\(message)")
            }
            // The compiler may add to what it says about a line, but not blame another one.
            let lines = Set(expected.map(\.line))
            let others = reported.filter { $0.kind != "note" && !lines.contains($0.line) }
            #expect(others.isEmpty)
        }
        for words in Self.vague { #expect(all.filter { $0.text.contains(words) }.isEmpty) }
    }
}
