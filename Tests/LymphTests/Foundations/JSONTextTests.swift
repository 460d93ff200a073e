import Testing

@testable import Lymph

struct JSONTextTests {
    @Test(arguments: [
        "null", "[1, 1.0, -0.5, 18446744073709551615]", #"{"a": [true, {}], "b": []}"#, #""\"\\\n\t\u0001ü😀""#,
    ])
    func writesWhatItReads(text: String) throws {
        #expect(try JSONParser.parse(Array(text.utf8)).text == text)
    }

    @Test func sortsNamesAndIndents() {
        let json: JSON = ["b": 1, "a": [2, 3], "c": [:], "d": []]
        #expect(json.text == #"{"a": [2, 3], "b": 1, "c": {}, "d": []}"#)
        #expect(json.inOrder == #"{"b": 1, "a": [2, 3], "c": {}, "d": []}"#)
        #expect(json.indented == "{\n  \"a\": [\n    2,\n    3\n  ],\n  \"b\": 1,\n  \"c\": {},\n  \"d\": []\n}")
    }

    @Test("a number that is not finite becomes null", arguments: [Double.nan, .infinity, -.infinity])
    func noNumbers(value: Double) {
        #expect(JSON.double(value).text == "null")
    }
}
