import Foundation
import Testing

@Suite("The way of a call, as Design lists it", .timeLimit(.minutes(1)))
struct CallPathTests {
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../Sources/Lymph")

    private static func source(_ file: String) -> String? {
        try? String(contentsOf: sources.appending(path: "\(file).swift"), encoding: .utf8)
    }

    /// The lines of the block of code in the section "The way of a call".
    private static func listed() throws -> [String] {
        let text = try String(contentsOf: sources.appending(path: "Lymph.docc/Design.md"), encoding: .utf8)
        let lines = text.components(separatedBy: "\n").drop { $0 != "## The way of a call" }
        return Array(lines.drop { $0 != "```" }.dropFirst().prefix { $0 != "```" })
    }

    @Test("each stop calls the next, a direction enters each file once in each process, and there are at most 16 files")
    func stops() throws {
        let path = CallPath(try Self.listed())
        #expect(
            path.sections.map(\.title) == [
                "There, in the caller", "There, in the service", "Back, in the service", "Back, in the caller",
            ])
        #expect(path.problems(Self.source) == [])
        #expect(path.files.count <= 16)
    }

    private static let code = [
        "A": "func go() {\n    b.take(1)\n    c.ask()\n}\nfunc rest() {\n    done()\n}",
        "B": "func take(_ x: Int) {\n    left()\n}",
        "C": "func ask() {}",
    ]

    @Test(
        "a list that the code contradicts is found",
        arguments: [
            ("A  go|B  take", []),
            ("A  go|  C  ask|B  take", []),
            ("A  go|B  take > left", ["B has no left"]),
            ("A  rest|B  take", ["A does not call take"]),
            ("A  go > rest", ["A: go does not call rest"]),
            ("A  rest|  C  ask", ["A does not call ask"]),
            ("A  go|B  take, as begin", ["A does not call begin"]),
            ("A  go|B  take|A  rest", ["Way: A comes twice", "B does not call rest"]),
            ("D  go", ["there is no D"]),
        ])
    func contradictions(list: String, problems: [String]) {
        let lines = ["Way"] + list.split(separator: "|").map { "  \($0)" }
        #expect(CallPath(lines).problems { Self.code[$0] } == problems)
    }
}
