import Foundation

/// An article of the module `Lymph`.
struct Article {
    let title: String
    /// The lines below each heading.
    private(set) var sections: [String: [String]] = [:]

    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources")

    init(_ name: String) throws {
        let file = Self.sources.appending(path: "Lymph/Lymph.docc/\(name).md")
        let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
        title = String(lines[0].dropFirst(2))
        var section = ""
        for line in lines {
            if line.hasPrefix("## ") {
                section = String(line.dropFirst(3))
                sections[section] = []
            } else {
                sections[section, default: []].append(line)
            }
        }
    }

    /// The sections of the article that sources name, as in `see "A section" in the article "Its title"`.
    static func references(to title: String) throws -> Set<String> {
        var found: Set<String> = []
        let files = FileManager.default.enumerator(at: sources.standardized, includingPropertiesForKeys: nil)
        for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /see \\?\s*"([^"\\]+)" in the article "([^"\\]+)"/) where match.2 == title {
                found.insert(String(match.1))
            }
        }
        return found
    }
}
