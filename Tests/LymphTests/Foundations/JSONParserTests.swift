import Testing

@testable import Lymph

struct JSONParserTests {
    private func parse(_ text: String) throws -> JSON { try JSONParser.parse(Array(text.utf8)) }

    @Test(arguments: [
        ("1", JSON.integer(1)), ("-0", .integer(0)), ("1.0", .double(1)), ("1e2", .double(100)),
        ("-1.5E-1", .double(-0.15)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .unsigned(1 << 63)), ("18446744073709551615", .unsigned(.max)), ("null", .null),
        (" [ ] ", .array([])), ("{}", .object([])), ("[true, false]", .array([.bool(true), .bool(false)])),
        (#""a\n\u00e9\ud83d\ude00\/ü""#, .string("a\né😀/ü")),
    ])
    func readsValues(text: String, value: JSON) throws {
        #expect(try parse(text) == value)
    }

    @Test func keepsTheOrderOfMembers() throws {
        let names = try #require(try parse(#"{"b": 1, "a": 2}"#).memberNames)
        #expect(names == ["b", "a"])
    }

    @Test(arguments: [
        ("", 1, 1, "a value"), ("{", 1, 2, "a name"), ("{\"a\" 1}", 1, 6, "a colon"), ("[1 2]", 1, 4, "a comma or ]"),
        ("{\n \"a\": 1,\n}", 3, 1, "a name"), ("{\"a\": 1, \"a\": 2}", 1, 10, "twice"), ("01", 1, 1, "begin with 0"),
        ("1.", 1, 3, "after the point"), ("-", 1, 2, "after the minus"), ("1e", 1, 3, "exponent"),
        ("1 2", 1, 3, "ends before"),
        ("18446744073709551616", 1, 1, "out of range"), ("1e999", 1, 1, "range of a float"), ("nul", 1, 1, "a value"),
        ("\"a", 1, 1, "no end"), ("\"ü\t\"", 1, 3, "tab"), ("\"\\x\"", 1, 2, "escapes"),
        ("\"\\ud800\"", 1, 2, "surrogate"),
        ("\"\\u12\"", 1, 6, "four hexadecimal"), ("{'a': 1}", 1, 2, "double quotes"), ("NaN", 1, 1, "a value"),
    ])
    func saysWhereAMistakeIs(text: String, line: Int, column: Int, reason: String) {
        let error = #expect(throws: JSONError.self) { try parse(text) }
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }

    @Test func refusesWhatIsNoUTF8AndWhatIsTooDeep() {
        let bytes = Array("[\"".utf8) + [0xFF] + Array("\"]".utf8)
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(bytes) }
        #expect(error?.reason.contains("UTF-8") == true)
        #expect(error?.column == 3)
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try parse(deep) }
    }

    @Test(
        "a lenient parser accepts what only strict parsing refuses",
        arguments: [
            (#"{"a": 1, "b": 2, "a": 3}"#, JSON.object([.init(name: "a", value: 3), .init(name: "b", value: 2)])),
            ("[18446744073709551616]", .array([.double(18_446_744_073_709_551_616)])),
        ])
    func leniency(text: String, value: JSON) throws {
        #expect(throws: JSONError.self) { try parse(text) }
        #expect(try JSONParser.parse(Array(text.utf8), isStrict: false) == value)
    }

    @Test func pointsAtThePlaceInALongLine() {
        let text = String(repeating: "[\"漢\"],", count: 40) + "x"
        let error = #expect(throws: JSONError.self) { try parse("[" + text) }
        #expect((error?.excerpt.count ?? 0) <= 72)
        #expect(error.map { $0.beginning + "x" } == error?.excerpt)
    }
}

extension JSON {
    fileprivate var memberNames: [String]? {
        guard case .object(let members) = self else { return nil }
        return members.map(\.name)
    }
}
