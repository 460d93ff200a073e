import Foundation
import Testing

@Suite("Documentation", .timeLimit(.minutes(1)))
struct DocumentationTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    private static func lines(_ file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The blocks of Swift in README.md, without manifests.
    private static func blocks() throws -> [[String]] {
        var blocks: [[String]] = []
        var block: [String]?
        for line in try lines(folder.appending(path: "../../README.md")) {
            switch (line, block) {
            case ("```swift", nil): block = []
            case ("```", let finished?):
                if finished.first?.hasPrefix("// swift-tools-version") == false { blocks.append(finished) }
                block = nil
            default: block?.append(line)
            }
        }
        return blocks
    }

    @Test("every block of README.md is code that is compiled here")
    func blocksAreCompiled() throws {
        let blocks = try Self.blocks()
        #expect(blocks.count >= 5)
        let snippets = try Self.lines(Self.folder.appending(path: "Snippets.swift"))
        for block in blocks {
            // A block may leave out the file's imports, and a program has only one entry point.
            let code = block.drop { $0.hasPrefix("import ") || $0.isEmpty || $0 == "@main" }
            let found = snippets.indices.contains { snippets[$0...].starts(with: code) }
            #expect(found, "not in Snippets.swift: \(block.joined(separator: "\n"))")
        }
    }

    @Test("a service is tested in memory as the README says")
    func memory() async throws {
        try await inMemory()
    }
}
