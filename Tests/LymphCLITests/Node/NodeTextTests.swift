import Testing

@testable import LymphCLI

@Suite("The lines of a node")
struct NodeTextTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("each line gets a prefix, however it arrives", arguments: [1, 2, 3, 7, 100])
    func lines(pieceLength: Int) {
        let input = Array("one\n\ntwo, föö\nthe last".utf8)
        var buffer = LineBuffer()
        var output: [UInt8] = []
        for start in stride(from: 0, to: input.count, by: pieceLength) {
            output += buffer.lines(of: input[start..<min(start + pieceLength, input.count)], prefix: Array("> ".utf8))
        }
        #expect(text(output) == "> one\n> \n> two, föö\n")
        #expect(text(buffer.end(prefix: Array("> ".utf8))) == "> the last\n")
        #expect(buffer.end(prefix: []) == [])
    }

    @Test("a line without an end is split, and nothing of it is lost")
    func long() {
        let limit = LineBuffer.limit
        var buffer = LineBuffer()
        let output = buffer.lines(of: [UInt8](repeating: 0x61, count: 2 * limit + 10), prefix: [])
        let lines = output.split(separator: 0x0a).map(\.count)
        #expect(lines == [limit, limit])
        #expect(buffer.end(prefix: []).count == 11)
    }

    @Test("a line as long as the limit is one line")
    func exact() {
        var buffer = LineBuffer()
        let line = [UInt8](repeating: 0x61, count: LineBuffer.limit)
        #expect(buffer.lines(of: line + [0x0a], prefix: []) == line + [0x0a])
    }

    @Test("prefixes are as wide as the widest name")
    func aligned() {
        let ids = [ProcessID("a", 1), ProcessID("longer", 10)]
        let prefixes = LinePrefixes(ids, style: Style(isColored: false))
        #expect(text(prefixes.prefix(of: ids[0])) == "a.1       | ")
        #expect(text(prefixes.prefix(of: ids[1])) == "longer.10 | ")
        #expect(text(prefixes.prefix(of: nil)) == "node      | ")
    }

    @Test("each process has a colour if colours are used")
    func colored() {
        let ids = (1...8).map { ProcessID("a", $0) }
        let prefixes = LinePrefixes(ids, style: Style(isColored: true))
        #expect(text(prefixes.prefix(of: ids[0])) == "\u{1b}[36ma.1  | \u{1b}[0m")
        #expect(Set(ids[..<6].map { text(prefixes.prefix(of: $0)).prefix(5) }).count == 6)
        #expect(text(prefixes.prefix(of: nil)) == "\u{1b}[2mnode | \u{1b}[0m")
    }
}
