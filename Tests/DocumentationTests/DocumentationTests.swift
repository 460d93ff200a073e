import Foundation
import Testing

@Suite("Documentation", .timeLimit(.minutes(1)))
struct DocumentationTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    private static func lines(_ file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The blocks of Swift in a file, without manifests.
    private static func blocks(of file: String) throws -> [[String]] {
        var blocks: [[String]] = []
        var block: [String]?
        for line in try lines(folder.appending(path: "../../" + file)) {
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

    @Test(
        "every block is code that is compiled here",
        arguments: [
            ("README.md", 5), ("Sources/Lymph/Lymph.docc/Troubleshooting.md", 5),
            ("Sources/Lymph/Lymph.docc/DeadlinesAndCancellation.md", 5),
            ("Sources/LymphTesting/LymphTesting.docc/SimulateYourFleet.md", 1),
        ])
    func blocksAreCompiled(file: String, fewest: Int) throws {
        let blocks = try Self.blocks(of: file)
        #expect(blocks.count >= fewest)
        let snippets = try ["Snippets.swift", "SimulationSnippet.swift"].flatMap {
            try Self.lines(Self.folder.appending(path: $0))
        }
        for block in blocks {
            // A block may leave out the file's imports, and a program has only one entry point.
            let code = block.drop { $0.hasPrefix("import ") || $0.isEmpty || $0 == "@main" }
            let found = snippets.indices.contains { snippets[$0...].starts(with: code) }
            #expect(found, "not in Snippets.swift: \(block.joined(separator: "\n"))")
        }
    }

    @Test(
        "every block about the example is in it or in its tests",
        arguments: ["Lymph/Lymph.docc/YourFirstService.md", "LymphTesting/LymphTesting.docc/TestYourService.md"])
    func example(article: String) throws {
        let root = Self.folder.appending(path: "../..").standardized
        var files: [[String]] = []
        for folder in ["Examples/Orders", "Tests/OrdersTests"] {
            let names = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
            for name in names where name.hasSuffix(".swift") {
                files.append(try Self.lines(root.appending(path: folder).appending(path: name)))
            }
        }
        let blocks = try Self.blocks(of: "Sources/" + article)
        #expect(blocks.count >= 5)
        for block in blocks {
            let found = files.contains { lines in lines.indices.contains { lines[$0...].starts(with: block) } }
            #expect(found, "not in the example: \(block.joined(separator: "\n"))")
        }
    }

    @Test("a service is tested as the README says")
    func testing() async throws {
        try await testedKitchen()
        try await kitchen()
    }
}
