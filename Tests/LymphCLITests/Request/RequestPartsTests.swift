import Lymph
import LymphFleet
import LymphService
import MessagePack
import Testing

@testable import LymphCLI

struct RequestPartsTests {
    @Test func takesArgumentsFromTheLineAndFromInput() throws {
        let input = { () throws(Failure) -> [UInt8] in Array(#"{"b": 2, "a": 3}"#.utf8) }
        let read = { (words: [String]) in try RequestArguments.read(words, input: input).untyped() }
        #expect(try read([]) == ["a": 3, "b": 2])
        #expect(try read(["-"]) == ["a": 3, "b": 2])
        #expect(try read([#"{"a": 1}"#]) == ["a": 1])
        #expect(try read([#"{"a": 1, "c": 4}"#, "-"]) == ["a": 3, "b": 2, "c": 4])
        #expect(try read(["-", "a=x", "b=[1]"]) == ["a": "x", "b": [1]])
        #expect(try read(["a=1", #"{"a": 2, "b": "="}"#, "c=d=e", "d="]) == ["a": 2, "b": "=", "c": "d=e", "d": ""])
        #expect(try read([#"{"a": "b=c"}"#]) == ["a": "b=c"])
    }

    @Test(arguments: [
        (["{}", "{}"], LymphService.ExitStatus.usage), (["-", "-"], .usage), (["[1]"], .invalidJSON),
        (["{"], .invalidJSON), (["foo"], .invalidJSON), (["=1"], .invalidJSON), (["a=1", "{}", "x"], .usage),
    ])
    func refusesOtherArguments(words: [String], status: LymphService.ExitStatus) {
        let failure = #expect(throws: Failure.self) { try RequestArguments.read(words) { () throws(Failure) in [] } }
        #expect(failure?.status == status)
    }

    @Test("a mistake is pointed at, whatever the width of the characters before it")
    func points() {
        let failure = #expect(throws: Failure.self) {
            try RequestArguments.read([#"{"漢": x}"#]) { () throws(Failure) in [] }
        }
        #expect(failure?.details == [#"  {"漢": x}"#, "         ^"])
    }

    @Test func showsValuesToAPerson() {
        let text = { (value: Value) in ValueText(width: 24).lines(of: value).plain.joined(separator: "\n") }
        #expect(text(["a", 1, 1.0, .nil, .undefined]) == "[\"a\", 1, 1.0, null, undefined]".wrappedAsList)
        #expect(text(.binary([1, 0xAB])) == "bytes(01ab)")
        #expect(text(.string("a\u{1b}\n")) == #""a\u001b\n""#)
        #expect(
            text(.map(["key": [1, 2], "longer": "0123456789012"])) == """
                {
                  "key": [1, 2],
                  "longer": "0123456789012"
                }
                """)
        #expect(text(.double(.nan)) == "nan")
        #expect(text([]) == "[]")
    }
}

extension String {
    /// The form of a list that is too long for a line.
    fileprivate var wrappedAsList: String {
        "[\n  " + dropFirst().dropLast().replacing(", ", with: ",\n  ") + "\n]"
    }
}
