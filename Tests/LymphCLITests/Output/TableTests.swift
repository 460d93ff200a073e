import Testing

@testable import LymphCLI

struct TableTests {
    @Test(arguments: [
        ("abc", 3), ("ü", 1), ("u\u{308}", 1), ("漢字", 4), ("한", 2), ("ｆ", 2), ("😀", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("❤️", 2),
        ("\u{200B}", 0),
        ("–", 1), ("", 0), ("ก็", 1),
    ])
    func knowsWidths(text: String, width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test func alignsWideAndCombiningCharacters() {
        var table = Table([.init(title: "NAME"), .init(title: "N", alignment: .right), .init(title: "TEXT")])
        table.add(["漢字", "1", "a"])
        table.add(["u\u{308}", "100", "b"])
        #expect(table.lines(width: 80).plain == ["NAME    N  TEXT", "漢字    1  a", "u\u{308}     100  b"])
    }

    @Test func wrapsTheFlexibleColumn() {
        var table = Table([.init(title: ""), .init(title: "", isFlexible: true), .init(title: "")])
        table.add(["a", "one two three four five six seven eight nine ten", "end"])
        let lines = table.lines(width: 40).plain
        #expect(lines.allSatisfy { $0.displayWidth <= 40 })
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("a  one two three") && lines[0].hasSuffix("end"))
    }

    @Test func coloursOnlyTheText() {
        var table = Table([.init(title: "", attributes: [.red]), .init(title: "")])
        table.add(["ab", "c"])
        table.add(["abcd", "c"])
        #expect(
            table.lines(width: 80).map { $0.text(Style(isColored: true)) } == [
                "\u{1b}[31mab\u{1b}[0m    c", "\u{1b}[31mabcd\u{1b}[0m  c",
            ])
    }

    @Test func makesControlCharactersVisible() {
        var table = Table([.init(title: "")])
        table.add(["\u{1b}[31mred\u{9b}\u{202e}"])
        #expect(table.lines(width: 80).plain == ["\\u{1b}[31mred\\u{9b}\\u{202e}"])
    }

    @Test func aCellThatAPeerMadeLongIsNotPaidForByEveryRow() {
        var table = Table([.init(title: ""), .init(title: "")])
        table.add([String(repeating: "x", count: 100_000), "a"])
        table.add(["b", "c"])
        let lines = table.lines(width: 80).plain
        #expect(lines[0].count == 100_003)
        #expect(lines[1] == "b" + String(repeating: " ", count: 201) + "c")
    }

    // A line must not be measured again for each of its words.
    @Test func whatFitsStaysAsItIs() {
        let text = String(repeating: "word  ", count: 200_000)
        #expect(text.wrapped(to: .max) == [text])
        #expect("a  b".wrapped(to: 4) == ["a  b"])
    }

    @Test func wrapsWords() {
        #expect("aa bb cc".wrapped(to: 5) == ["aa bb", "cc"])
        #expect("漢字 漢字".wrapped(to: 5) == ["漢字", "漢字"])
        #expect("abcdef".wrapped(to: 4) == ["abcdef"])
        #expect("abcdef".wrapped(to: 4, cutsWords: true) == ["abcd", "ef"])
        #expect("a\nb".wrapped(to: 5) == ["a", "b"])
    }
}
